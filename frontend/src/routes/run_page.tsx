import { getRouteApi } from "@tanstack/react-router";
import { useCallback } from "react";
import { RunPage } from "@/features/runs/run_page.tsx";
import type { RunSearch } from "./runs.ts";
import { useTitle } from "./title.ts";

const route = getRouteApi("/runs/$runId");

export function RunRoute() {
  useTitle("Run");
  const { runId } = route.useParams();
  const { seq, tab } = route.useSearch();
  const navigate = route.useNavigate();
  const onSearch = useCallback(
    (change: RunSearch) =>
      void navigate({ search: (before) => ({ ...before, ...change }), replace: true, resetScroll: false }),
    [navigate],
  );
  const onSeq = useCallback((next: number | undefined) => onSearch({ seq: next }), [onSearch]);
  return (
    <RunPage
      key={runId}
      runId={runId}
      seq={seq ?? null}
      tab={tab ?? "transcript"}
      onSeq={onSeq}
      // The first tab needs no word in the address.
      onTab={(next) => onSearch({ tab: next === "transcript" ? undefined : next })}
    />
  );
}
