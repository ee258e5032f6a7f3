import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client.ts";
import type { BidSheet, GameResult, LabKind, LiveRequest, PortfolioRequest, SeasonFiles } from "@/api/lab.ts";
import { isSettled } from "@/features/runs/queries.ts";

/** The most that a list answers at once. */
const MOST = 200;
const REFRESH_MS = 3_000;
/** What never changes is asked for once. */
const FOREVER = Number.POSITIVE_INFINITY;

export const labCatalogQuery = queryOptions({
  queryKey: ["lab", "models"],
  queryFn: ({ signal }) => ask(api.GET("/lab/models", { signal })),
  staleTime: FOREVER,
});

export const tournamentsQuery = queryOptions({
  queryKey: ["lab", "tournaments"],
  queryFn: ({ signal }) => ask(api.GET("/lab/tournaments", { params: { query: { limit: MOST } }, signal })),
});

/** What would be read of files; nothing is kept. */
export function seasonInspectionQuery(body: SeasonFiles) {
  return queryOptions({
    queryKey: ["inspect", "season", body],
    queryFn: ({ signal }) => ask(api.POST("/lab/seasons/inspect", { body, signal })),
    enabled: body.files.length > 0,
    staleTime: FOREVER,
    gcTime: 0,
    placeholderData: (previous) => previous,
  });
}

/** What would be read of a sheet of bids; nothing is kept. */
export function bidSheetQuery(body: BidSheet | null) {
  return queryOptions({
    queryKey: ["inspect", "bids", body],
    queryFn: ({ signal }) =>
      body
        ? ask(api.POST("/lab/candidates/inspect", { body, signal }))
        : Promise.reject(new Error("no file")),
    enabled: body !== null,
    staleTime: FOREVER,
    gcTime: 0,
  });
}

export const coverageQuery = queryOptions({
  queryKey: ["lab", "coverage"],
  queryFn: ({ signal }) => ask(api.GET("/lab/coverage", { signal })),
});

/** On what a model has run, and what lacks it. */
export function modelCoverageQuery(run_kind: LabKind, model: string) {
  return queryOptions({
    queryKey: ["lab", "coverage", run_kind, model],
    queryFn: ({ signal }) =>
      ask(api.GET("/lab/coverage/model", { params: { query: { run_kind, model } }, signal })),
  });
}

export const modelLeaderboardQuery = queryOptions({
  queryKey: ["lab", "models", "leaderboard"],
  queryFn: ({ signal }) => ask(api.GET("/lab/models/leaderboard", { signal })),
});

export function tournamentQuery(tournament_id: string) {
  return queryOptions({
    queryKey: ["lab", "tournament", tournament_id],
    queryFn: ({ signal }) =>
      ask(api.GET("/lab/tournaments/{tournament_id}", { params: { path: { tournament_id } }, signal })),
  });
}

export function stateQuery(state_id: string) {
  return queryOptions({
    queryKey: ["lab", "state", state_id],
    queryFn: ({ signal }) =>
      ask(api.GET("/lab/states/{state_id}", { params: { path: { state_id } }, signal })),
    staleTime: FOREVER,
  });
}

export function calcuttasQuery(tournament_id?: string) {
  return queryOptions({
    queryKey: ["lab", "calcuttas", tournament_id ?? null],
    queryFn: ({ signal }) =>
      ask(
        api.GET("/lab/calcuttas", {
          params: { query: { limit: MOST, ...(tournament_id ? { tournament_id } : {}) } },
          signal,
        }),
      ),
  });
}

export function calcuttaQuery(calcutta_id: string) {
  return queryOptions({
    queryKey: ["lab", "calcutta", calcutta_id],
    queryFn: ({ signal }) =>
      ask(api.GET("/lab/calcuttas/{calcutta_id}", { params: { path: { calcutta_id } }, signal })),
  });
}

export function snapshotQuery(snapshot_id: string) {
  return queryOptions({
    queryKey: ["lab", "snapshot", snapshot_id],
    queryFn: ({ signal }) =>
      ask(api.GET("/lab/snapshots/{snapshot_id}", { params: { path: { snapshot_id } }, signal })),
    staleTime: FOREVER,
  });
}

/** What there is to choose from; nothing else chooses. */
export function resolveQuery(calcutta_id: string) {
  return queryOptions({
    queryKey: ["lab", "resolve", calcutta_id],
    queryFn: ({ signal }) => ask(api.GET("/lab/resolve", { params: { query: { calcutta_id } }, signal })),
    // What nothing can be chosen without may be underway.
    refetchInterval: ({ state: { data } }) =>
      data && data.game_outcome_runs.length > 0 && data.market_share_runs.length > 0 ? false : REFRESH_MS,
  });
}

export interface LabRunFilter {
  run_kind?: LabKind;
  tournament_id?: string;
  calcutta_id?: string;
  snapshot_id?: string;
  cohort_id?: string;
  synthetic_calcutta_id?: string;
}

/** The newest runs that stand on everything that is named; asked for again while one of them is open. */
export function labRunsQuery(filter: LabRunFilter) {
  return queryOptions({
    queryKey: ["lab", "runs", filter],
    queryFn: ({ signal }) =>
      ask(api.GET("/lab/runs", { params: { query: { limit: MOST, ...filter } }, signal })),
    refetchInterval: (query) =>
      query.state.data?.items.some(({ status }) => !isSettled(status)) ? REFRESH_MS : false,
  });
}

export function gameOutcomeQuery(run_id: string) {
  return queryOptions({
    queryKey: ["lab", "run", run_id, "game_outcome"],
    queryFn: ({ signal }) =>
      ask(
        api.GET("/lab/game-outcomes/{game_outcome_run_id}", {
          params: { path: { game_outcome_run_id: run_id } },
          signal,
        }),
      ),
  });
}

export function marketShareQuery(run_id: string) {
  return queryOptions({
    queryKey: ["lab", "run", run_id, "market_share"],
    queryFn: ({ signal }) =>
      ask(
        api.GET("/lab/market-shares/{market_share_run_id}", {
          params: { path: { market_share_run_id: run_id } },
          signal,
        }),
      ),
  });
}

export interface ReturnsOf {
  snapshot_id: string;
  game_outcome_run_id: string;
  market_share_run_id: string;
}

export function returnsQuery(query: ReturnsOf) {
  return queryOptions({
    queryKey: ["lab", "returns", query],
    queryFn: ({ signal }) => ask(api.GET("/lab/returns", { params: { query }, signal })),
    staleTime: FOREVER,
  });
}

export function strategyQuery(run_id: string) {
  return queryOptions({
    queryKey: ["lab", "run", run_id, "strategy_generation"],
    queryFn: ({ signal }) =>
      ask(
        api.GET("/lab/strategies/{strategy_generation_run_id}", {
          params: { path: { strategy_generation_run_id: run_id } },
          signal,
        }),
      ),
  });
}

export function simulationQuery(run_id: string) {
  return queryOptions({
    queryKey: ["lab", "run", run_id, "simulation"],
    queryFn: ({ signal }) =>
      ask(
        api.GET("/lab/simulations/{simulation_run_id}", {
          params: { path: { simulation_run_id: run_id } },
          signal,
        }),
      ),
  });
}

export function distributionQuery(run_id: string, entry_id: string) {
  return queryOptions({
    queryKey: ["lab", "simulation", run_id, "distribution", entry_id],
    queryFn: ({ signal }) =>
      ask(
        api.GET("/lab/simulations/{simulation_run_id}/distribution", {
          params: { path: { simulation_run_id: run_id }, query: { entry_id } },
          signal,
        }),
      ),
    staleTime: FOREVER,
  });
}

export function ownershipQuery(run_id: string) {
  return queryOptions({
    queryKey: ["lab", "simulation", run_id, "ownership"],
    queryFn: ({ signal }) =>
      ask(
        api.GET("/lab/simulations/{simulation_run_id}/ownership", {
          params: { path: { simulation_run_id: run_id } },
          signal,
        }),
      ),
    staleTime: FOREVER,
  });
}

export function playedBracketQuery(run_id: string, simulation: number) {
  return queryOptions({
    queryKey: ["lab", "simulation", run_id, "bracket", simulation],
    queryFn: ({ signal }) =>
      ask(
        api.GET("/lab/simulations/{simulation_run_id}/bracket", {
          params: { path: { simulation_run_id: run_id }, query: { simulation } },
          signal,
        }),
      ),
    staleTime: FOREVER,
  });
}

/** The simulations in which these games end so. Computed at once and kept nowhere. */
export function conditionQuery(simulation_run_id: string, games: GameResult[]) {
  return queryOptions({
    queryKey: ["lab", "simulation", simulation_run_id, "condition", games],
    queryFn: ({ signal }) =>
      ask(
        api.POST("/lab/simulations/{simulation_run_id}/condition", {
          params: { path: { simulation_run_id } },
          body: { games },
          signal,
        }),
      ),
    staleTime: FOREVER,
    placeholderData: (previous) => previous,
  });
}

/** What entries and candidates come to together. */
export function portfolioQuery(simulation_run_id: string, body: PortfolioRequest) {
  return queryOptions({
    queryKey: ["lab", "simulation", simulation_run_id, "portfolio", body],
    queryFn: ({ signal }) =>
      ask(
        api.POST("/lab/simulations/{simulation_run_id}/portfolio", {
          params: { path: { simulation_run_id } },
          body,
          signal,
        }),
      ),
    staleTime: FOREVER,
    placeholderData: (previous) => previous,
  });
}

/** How an auction stands while its teams fall. */
export function liveQuery(body: LiveRequest) {
  return queryOptions({
    queryKey: ["lab", "live", body],
    queryFn: ({ signal }) => ask(api.POST("/lab/live", { body, signal })),
    staleTime: FOREVER,
    placeholderData: (previous) => previous,
  });
}

export function evaluationQuery(run_id: string) {
  return queryOptions({
    queryKey: ["lab", "run", run_id, "evaluation"],
    queryFn: ({ signal }) =>
      ask(
        api.GET("/lab/evaluations/{evaluation_run_id}", {
          params: { path: { evaluation_run_id: run_id } },
          signal,
        }),
      ),
  });
}

export function candidatesQuery(tournament_id?: string) {
  return queryOptions({
    queryKey: ["lab", "candidates", tournament_id ?? null],
    queryFn: ({ signal }) =>
      ask(
        api.GET("/lab/candidates", {
          params: { query: { limit: MOST, ...(tournament_id ? { tournament_id } : {}) } },
          signal,
        }),
      ),
  });
}

export function candidateQuery(candidate_id: string) {
  return queryOptions({
    queryKey: ["lab", "candidate", candidate_id],
    queryFn: ({ signal }) =>
      ask(api.GET("/lab/candidates/{candidate_id}", { params: { path: { candidate_id } }, signal })),
  });
}

export const cohortsQuery = queryOptions({
  queryKey: ["lab", "cohorts"],
  queryFn: ({ signal }) => ask(api.GET("/lab/cohorts", { params: { query: { limit: MOST } }, signal })),
});

export function cohortQuery(cohort_id: string) {
  return queryOptions({
    queryKey: ["lab", "cohort", cohort_id],
    queryFn: ({ signal }) =>
      ask(api.GET("/lab/cohorts/{cohort_id}", { params: { path: { cohort_id } }, signal })),
  });
}

export function syntheticCalcuttasQuery(cohort_id: string) {
  return queryOptions({
    queryKey: ["lab", "synthetic-calcuttas", cohort_id],
    queryFn: ({ signal }) =>
      ask(api.GET("/lab/synthetic-calcuttas", { params: { query: { limit: MOST, cohort_id } }, signal })),
  });
}

export function syntheticCalcuttaQuery(synthetic_calcutta_id: string) {
  return queryOptions({
    queryKey: ["lab", "synthetic-calcutta", synthetic_calcutta_id],
    queryFn: ({ signal }) =>
      ask(
        api.GET("/lab/synthetic-calcuttas/{synthetic_calcutta_id}", {
          params: { path: { synthetic_calcutta_id } },
          signal,
        }),
      ),
  });
}

export function batchQuery(run_id: string) {
  return queryOptions({
    queryKey: ["lab", "run", run_id, "batch"],
    queryFn: ({ signal }) =>
      ask(api.GET("/lab/batches/{batch_run_id}", { params: { path: { batch_run_id: run_id } }, signal })),
  });
}
