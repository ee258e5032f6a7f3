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
  const onMoment = useCallback(
    (moment: RunSearch) =>
      void navigate({
        search: (before) => ({
          ...before,
          ...moment,
          // The first tab needs no word in the address.
          tab: "tab" in moment ? (moment.tab === "transcript" ? undefined : moment.tab) : before.tab,
        }),
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
  return (
    <RunPage key={runId} runId={runId} seq={seq ?? null} tab={tab ?? "transcript"} onMoment={onMoment} />
  );
}
