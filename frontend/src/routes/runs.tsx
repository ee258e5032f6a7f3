import { createRoute } from "@tanstack/react-router";
import { useCallback } from "react";
import type { RunStatus } from "@/api/types.ts";
import { RUN_STATUSES, RunList } from "@/features/runs/run_list.tsx";
import { RunPage, type RunTab } from "@/features/runs/run_page.tsx";
import { rootRoute } from "./root.tsx";
import { positive, text } from "./search.ts";
import { useTitle } from "./title.ts";

interface ListSearch {
  kind?: string | undefined;
  status?: RunStatus | undefined;
  cursor?: string | undefined;
}

export const runsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/runs",
  validateSearch: (search): ListSearch => ({
    kind: text(search.kind),
    status: RUN_STATUSES.find((status) => status === search.status),
    cursor: text(search.cursor),
  }),
  component: function Runs() {
    useTitle("Runs");
    const navigate = runsRoute.useNavigate();
    return (
      <RunList filter={runsRoute.useSearch()} onFilter={(filter) => void navigate({ search: filter })} />
    );
  },
});

interface RunSearch {
  seq?: number | undefined;
  tab?: RunTab | undefined;
}

export const runRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/runs/$runId",
  validateSearch: (search): RunSearch => ({
    seq: positive(search.seq),
    tab: (["frames", "spec"] as const).find((tab) => tab === search.tab),
  }),
  component: function Run() {
    useTitle("Run");
    const { runId } = runRoute.useParams();
    const { seq, tab } = runRoute.useSearch();
    const navigate = runRoute.useNavigate();
    const onMoment = useCallback(
      (moment: RunSearch) =>
        void navigate({
          search: (before) => ({
            ...before,
            ...moment,
            tab: "tab" in moment ? hidden(moment.tab) : before.tab,
          }),
          replace: true,
          resetScroll: false,
        }),
      [navigate],
    );
    return (
      <RunPage key={runId} runId={runId} seq={seq ?? null} tab={tab ?? "transcript"} onMoment={onMoment} />
    );
  },
});

/** The first tab needs no word in the address. */
function hidden(tab: RunTab | undefined): RunTab | undefined {
  return tab === "transcript" ? undefined : tab;
}
