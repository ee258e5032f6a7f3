/** The lab's objects as the contract has them, small: four teams, three games, two entries. */
import type { Field, LabRun, LeaderboardRow, SimulationResult } from "@/api/lab.ts";
import { RUN } from "./server.ts";

const AT = RUN.created_at;
const id = (nth: number) => `01a1fd49-b5ce-721a-ac79-0000000001${String(nth).padStart(2, "0")}`;
const DIGEST = "ab".repeat(32);

export const FIELD: Field = {
  rounds: ["semi_final", "final"],
  teams: ["a", "b", "c", "d"].map((team_id, at) => ({
    team_id,
    name: `Team ${team_id.toUpperCase()}`,
    region: null,
    seed: at + 1,
    rating: { net: 10 - at, offence: 110, defence: 100, tempo: 68 },
    is_blue_blood: false,
  })),
  games: [
    { game_id: "s1", round: 0, sides: [{ team: "a" }, { team: "b" }] },
    { game_id: "s2", round: 0, sides: [{ team: "c" }, { team: "d" }] },
    { game_id: "f", round: 1, sides: [{ winner_of: "s1" }, { winner_of: "s2" }] },
  ],
};

export const TOURNAMENT_ITEM = {
  tournament_id: id(1),
  name: "Small cup",
  season: 2026,
  team_count: 4,
  game_count: 3,
  digest: DIGEST,
  created_at: AT,
};

const STATE = {
  state_id: id(2),
  tournament_id: id(1),
  starting_state_key: "pre_tournament",
  decided_games: 0,
  digest: DIGEST,
  created_at: AT,
};

export const STATE_PLAYED = {
  ...STATE,
  state_id: id(3),
  starting_state_key: "current",
  decided_games: 1,
  results: [{ game_id: "s1", winner_team_id: "a" }],
};

const { results: _, ...PLAYED_ITEM } = STATE_PLAYED;

export const TOURNAMENT = { ...TOURNAMENT_ITEM, field: FIELD, states: [STATE, PLAYED_ITEM] };

export const CALCUTTA_ITEM = {
  calcutta_id: id(4),
  tournament_id: id(1),
  name: "Office auction",
  snapshot_id: id(5),
  entry_count: 2,
  created_at: AT,
};

const SNAPSHOT_ITEM = {
  snapshot_id: id(5),
  calcutta_id: id(4),
  tournament_id: id(1),
  snapshot_type: "as_is" as const,
  base_snapshot_id: null,
  description: null,
  entry_count: 2,
  digest: DIGEST,
  created_at: AT,
};

export const CALCUTTA = { ...CALCUTTA_ITEM, snapshots: [SNAPSHOT_ITEM] };

export const SNAPSHOT = {
  ...SNAPSHOT_ITEM,
  content: {
    rules: { budget_points: 100, min_teams: 1, max_teams: 4, min_bid: 1, max_bid: 50 },
    scoring: [
      { win_index: 1, points_awarded: 50 },
      { win_index: 2, points_awarded: 100 },
    ],
    payouts: [{ position: 1, amount_cents: 10_000 }],
    entries: [
      { entry_id: id(6), display_name: "Ann", candidate_id: null, bids: [{ team_id: "a", bid_points: 50 }] },
      { entry_id: id(7), display_name: "Bob", candidate_id: null, bids: [{ team_id: "d", bid_points: 40 }] },
    ],
  },
};

const LINEAGE = { tournament_id: id(1), calcutta_id: id(4), snapshot_id: id(5) };

export function labRun(run_kind: LabRun["run_kind"], nth: number, change: Partial<LabRun> = {}): LabRun {
  return {
    run_id: id(nth),
    run_kind,
    title: `Run ${nth}`,
    model: null,
    status: "succeeded",
    parent_run_id: null,
    lineage: LINEAGE,
    removed: null,
    error_code: null,
    error_message: null,
    created_at: AT,
    started_at: AT,
    completed_at: AT,
    ...change,
  };
}

export const GAMES_RUN = labRun("game_outcome", 10, {
  model: "logistic",
  lineage: { tournament_id: id(1), state_id: id(2) },
});
export const MARKET_RUN = labRun("market_share", 11, {
  lineage: { ...LINEAGE, game_outcome_run_id: id(10) },
});
export const STRATEGY_RUN = labRun("strategy_generation", 12, {
  lineage: { ...LINEAGE, game_outcome_run_id: id(10), market_share_run_id: id(11) },
});
export const SIMULATION_RUN = labRun("simulation", 13, {
  lineage: { ...LINEAGE, state_id: id(2), game_outcome_run_id: id(10) },
});

export const RESOLUTION = {
  calcutta_id: id(4),
  tournament_id: id(1),
  snapshots: [SNAPSHOT_ITEM],
  states: [STATE, PLAYED_ITEM],
  game_outcome_runs: [GAMES_RUN, labRun("game_outcome", 20)],
  market_share_runs: [MARKET_RUN],
  strategy_generation_runs: [],
};

const estimate = (value: number) => ({ value, standard_error: 0.01 });

export function leaderboardRow(entry_id: string, change: Partial<LeaderboardRow> = {}): LeaderboardRow {
  return {
    rank: 1,
    entry_id,
    candidate_id: null,
    display_name: "Ann",
    total_bid_points: 50,
    n_teams: 1,
    mean_normalized_payout: estimate(0.6),
    controlled_normalized_payout: estimate(0.6),
    median_normalized_payout: 1,
    p_top1: estimate(0.6),
    p_in_money: estimate(0.6),
    mean_position: estimate(1.4),
    mean_points: estimate(90),
    expected_points: 90,
    points_gap: 0.1,
    realized: null,
    ...change,
  };
}

export const SIMULATION_RESULT: SimulationResult = {
  total_simulations: 1000,
  p_top1_half_width: 0.03,
  seal_root: null,
  first_prize_cents: 10_000,
  total_points: 200,
  unowned_points: 20,
  leaderboard: [
    leaderboardRow(id(6)),
    leaderboardRow(id(7), {
      rank: 2,
      display_name: "Bob",
      mean_normalized_payout: estimate(0.4),
      p_top1: { value: 0, standard_error: 0 },
      candidate_id: id(8),
    }),
  ],
};

export const LAB_CATALOG = {
  game_outcome_models: [
    model("logistic", "Logistic"),
    model("pairs", "Given pairs"),
    model("odds", "Bookmakers' odds"),
  ],
  market_share_models: [
    model("naive-ev-baseline", "By expected points"),
    model("ridge", "Ridge regression"),
    model("oracle_actual_market", "What was really bid"),
  ],
  entry_optimizers: [model("minlp_v1", "Exact bids")],
};

function model(id: string, display_name: string) {
  return { id, display_name, description: `${display_name}.`, schema_version: "v1", deprecated: false };
}

export const SEASONS_REPORT = {
  seasons: [
    {
      tournament: TOURNAMENT_ITEM,
      states: TOURNAMENT.states,
      calcutta: CALCUTTA_ITEM,
      is_there: false,
      beside: [],
      notes: [],
    },
  ],
};

export const CANDIDATE = {
  candidate_id: id(8),
  display_name: "Mine",
  source_kind: "strategy" as const,
  tournament_id: id(1),
  strategy_generation_run_id: id(12),
  bids: [{ team_id: "a", bid_points: 30 }],
  version: 1,
  created_at: AT,
};

export const COHORT = {
  cohort_id: id(40),
  name: "Spring",
  description: null,
  n_sims: 1000,
  seed: 42,
  auto: null,
  synthetic_calcutta_count: 1,
  version: 1,
  created_at: AT,
};

export const SYNTHETIC = {
  synthetic_calcutta_id: id(41),
  cohort_id: id(40),
  calcutta_id: id(4),
  snapshot_id: id(5),
  state_id: id(2),
  game_outcome_run_id: id(10),
  highlighted_entry_id: null,
  notes: null,
  attachments: [],
  version: 1,
  created_at: AT,
};
