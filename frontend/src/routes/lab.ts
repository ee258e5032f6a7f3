import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { api, ask } from "@/api/client.ts";
import type { LabKind } from "@/api/lab.ts";
import { SIMULATION_TABS } from "@/features/lab/simulation_tabs.ts";
import { rootRoute } from "./root.tsx";
import { natural, positive, text } from "./search.ts";

type Raw = Record<string, unknown>;

/** One of these words, or none. */
function oneOf<T extends string>(words: readonly T[], value: unknown): T | undefined {
  return words.find((word) => word === value);
}

export const labRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/lab",
  component: lazyRouteComponent(() => import("./lab_page.tsx"), "LabRoute"),
});

export const importRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/lab/import",
  component: lazyRouteComponent(() => import("./lab_import.tsx"), "ImportRoute"),
});

export const coverageRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/lab/coverage",
  validateSearch: (search: Raw): { kind?: LabKind | undefined; model?: string | undefined } => ({
    kind: oneOf(["game_outcome", "market_share", "strategy_generation"], search.kind),
    model: text(search.model),
  }),
  component: lazyRouteComponent(() => import("./lab_models.tsx"), "CoverageRoute"),
});

export const modelsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/lab/models",
  component: lazyRouteComponent(() => import("./lab_models.tsx"), "ModelsRoute"),
});

export interface TournamentSearch {
  tab?: "field" | "bracket" | "states" | undefined;
  state?: string | undefined;
}

export const tournamentRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/lab/tournaments/$tournamentId",
  validateSearch: (search: Raw): TournamentSearch => ({
    tab: oneOf(["field", "bracket", "states"], search.tab),
    state: text(search.state),
  }),
  component: lazyRouteComponent(() => import("./lab_data.tsx"), "TournamentRoute"),
});

export interface CalcuttaSearch {
  snapshot?: string | undefined;
  entry?: string | undefined;
  step?: "market" | "returns" | "strategy" | "simulation" | undefined;
}

export const calcuttaRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/lab/calcuttas/$calcuttaId",
  validateSearch: (search: Raw): CalcuttaSearch => ({
    snapshot: text(search.snapshot),
    entry: text(search.entry),
    step: oneOf(["market", "returns", "strategy", "simulation"], search.step),
  }),
  component: lazyRouteComponent(() => import("./lab_data.tsx"), "CalcuttaRoute"),
});

/** A snapshot is shown on the page of its auction, which its id alone does not name. */
export const snapshotRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/lab/snapshots/$snapshotId",
  beforeLoad: async ({ params: { snapshotId } }) => {
    const path = { snapshot_id: snapshotId };
    const { calcutta_id } = await ask(api.GET("/lab/snapshots/{snapshot_id}", { params: { path } }));
    const params = { calcuttaId: calcutta_id };
    throw redirect({ to: "/lab/calcuttas/$calcuttaId", params, search: { snapshot: snapshotId } });
  },
});

/** A state of play is shown in the bracket of its tournament. */
export const stateRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/lab/states/$stateId",
  beforeLoad: async ({ params: { stateId } }) => {
    const path = { state_id: stateId };
    const { tournament_id } = await ask(api.GET("/lab/states/{state_id}", { params: { path } }));
    const params = { tournamentId: tournament_id };
    throw redirect({
      to: "/lab/tournaments/$tournamentId",
      params,
      search: { tab: "bracket", state: stateId },
    });
  },
});

interface ReturnsSearch {
  snapshot?: string | undefined;
  games?: string | undefined;
  market?: string | undefined;
}

function returnsSearch(search: Raw): ReturnsSearch {
  return { snapshot: text(search.snapshot), games: text(search.games), market: text(search.market) };
}

export const liveRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/lab/live",
  validateSearch: returnsSearch,
  component: lazyRouteComponent(() => import("./lab_live.tsx"), "LiveRoute"),
});

export const returnsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/lab/returns",
  validateSearch: returnsSearch,
  component: lazyRouteComponent(() => import("./lab_data.tsx"), "ReturnsRoute"),
});

export const candidateRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/lab/candidates/$candidateId",
  component: lazyRouteComponent(() => import("./lab_data.tsx"), "CandidateRoute"),
});

/** A moment of a run. */
export interface MomentSearch {
  seq?: number | undefined;
}

function atMoment(search: Raw): MomentSearch {
  return { seq: positive(search.seq) };
}

export interface GameOutcomeSearch extends MomentSearch {
  calcutta?: string | undefined;
}

export const gameOutcomeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/lab/game-outcomes/$runId",
  validateSearch: (search: Raw): GameOutcomeSearch => ({
    ...atMoment(search),
    calcutta: text(search.calcutta),
  }),
  component: lazyRouteComponent(() => import("./lab_runs.tsx"), "GameOutcomeRoute"),
});

export const marketShareRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/lab/market-shares/$runId",
  validateSearch: atMoment,
  component: lazyRouteComponent(() => import("./lab_runs.tsx"), "MarketShareRoute"),
});

export const strategyRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/lab/strategies/$runId",
  validateSearch: atMoment,
  component: lazyRouteComponent(() => import("./lab_runs.tsx"), "StrategyRoute"),
});

export interface SimulationSearch extends MomentSearch {
  tab?: (typeof SIMULATION_TABS)[number] | undefined;
  entry?: string | undefined;
  simulation?: number | undefined;
  fixed?: string | undefined;
  members?: string | undefined;
}

export const simulationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/lab/simulations/$runId",
  validateSearch: (search: Raw): SimulationSearch => ({
    ...atMoment(search),
    tab: oneOf(SIMULATION_TABS, search.tab),
    entry: text(search.entry),
    simulation: natural(search.simulation),
    fixed: text(search.fixed),
    members: text(search.members),
  }),
  component: lazyRouteComponent(() => import("./lab_runs.tsx"), "SimulationRoute"),
});

export const evaluationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/lab/evaluations/$runId",
  validateSearch: atMoment,
  component: lazyRouteComponent(() => import("./lab_runs.tsx"), "EvaluationRoute"),
});

export const batchRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/lab/batches/$runId",
  validateSearch: atMoment,
  component: lazyRouteComponent(() => import("./lab_runs.tsx"), "BatchRoute"),
});

export const cohortRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/lab/cohorts/$cohortId",
  component: lazyRouteComponent(() => import("./lab_cohorts.tsx"), "CohortRoute"),
});

export const syntheticRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/lab/synthetic-calcuttas/$syntheticCalcuttaId",
  component: lazyRouteComponent(() => import("./lab_cohorts.tsx"), "SyntheticRoute"),
});
