import { getRouteApi } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { isLabKind } from "@/features/runs/result_link.tsx";
import { RunPage } from "@/features/runs/run_page.tsx";
import type { RunSearch } from "./runs.ts";
import { useSearchChange } from "./search_change.ts";
import { useTitle } from "./title.ts";

const RunLineage = lazy(async () => ({
  default: (await import("@/features/lab/artifact_uses.tsx")).RunLineage,
}));

const route = getRouteApi("/runs/$runId");

export function RunRoute() {
  useTitle("Run");
  const { runId } = route.useParams();
  const { seq, tab } = route.useSearch();
  const { change, onSeq } = useSearchChange<RunSearch>(route.useNavigate());
  return (
    <RunPage
      key={runId}
      runId={runId}
      seq={seq ?? null}
      tab={tab ?? "transcript"}
      onSeq={onSeq}
      // The first tab needs no word in the address.
      onTab={(next) => change({ tab: next === "transcript" ? undefined : next })}
      lineage={({ kind }) =>
        isLabKind(kind) ? (
          <Suspense fallback={null}>
            <RunLineage runId={runId} />
          </Suspense>
        ) : null
      }
    />
  );
}
