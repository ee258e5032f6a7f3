import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { RunStatus } from "@/api/types.ts";
import { DIFF_VIEWS, type DiffChoices } from "@/features/runs/diff/diff_views.ts";
import { RUN_TABS, type RunTab } from "@/features/runs/tabs.ts";
import { rootRoute } from "./root.tsx";
import { isTrue, positive, text } from "./search.ts";

const STATUSES: readonly RunStatus[] = ["queued", "running", "waiting", "succeeded", "failed", "cancelled"];

export interface ListSearch {
  kind?: string | undefined;
  status?: RunStatus | undefined;
  parent_run_id?: string | undefined;
  is_dead_letter?: boolean | undefined;
  cursor?: string | undefined;
}

export const runsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/runs",
  validateSearch: (search): ListSearch => ({
    kind: text(search.kind),
    status: STATUSES.find((status) => status === search.status),
    parent_run_id: text(search.parent_run_id),
    is_dead_letter: isTrue(search.is_dead_letter),
    cursor: text(search.cursor),
  }),
  component: lazyRouteComponent(() => import("./run_list.tsx"), "RunListRoute"),
});

export interface RunSearch {
  seq?: number | undefined;
  tab?: RunTab | undefined;
}

export const runRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/runs/$runId",
  validateSearch: (search): RunSearch => ({
    seq: positive(search.seq),
    tab: RUN_TABS.find((tab) => tab === search.tab),
  }),
  component: lazyRouteComponent(() => import("./run_page.tsx"), "RunRoute"),
});

export const diffRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/runs/$a/diff/$b",
  validateSearch: (search): DiffChoices => ({
    seq: positive(search.seq),
    view: DIFF_VIEWS.find((view) => view === search.view),
    all: isTrue(search.all),
    times: isTrue(search.times),
    ids: isTrue(search.ids),
  }),
  component: lazyRouteComponent(() => import("./diff_page.tsx"), "DiffRoute"),
});

export const conversationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/conversations/$conversationId",
  validateSearch: (search): { seq?: number | undefined } => ({ seq: positive(search.seq) }),
  component: lazyRouteComponent(() => import("./conversation_page.tsx"), "ConversationRoute"),
});

export const opsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/ops",
  validateSearch: (search): { run?: string | undefined } => ({ run: text(search.run) }),
  component: lazyRouteComponent(() => import("./ops_page.tsx"), "OpsRoute"),
});

export const retentionRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/ops/retention",
  component: lazyRouteComponent(() => import("./retention_page.tsx"), "RetentionRoute"),
});

export const artifactRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/artifacts/$artifactId",
  component: lazyRouteComponent(() => import("./artifact_page.tsx"), "ArtifactRoute"),
});

export const filesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/artifacts",
  component: lazyRouteComponent(() => import("./files_page.tsx"), "FilesRoute"),
});
