/** A forecast as the contract has it, for pages and for what they compute. */
import type { FleetForecast, FleetResult, SeriesForecast } from "@/api/types.ts";
import { viewOf } from "@/features/runs/view.ts";
import { Transcript } from "@/lib/frames/reduce.ts";
import type { Body, Frame } from "@/lib/frames/types.ts";
import { RUN } from "./server.ts";

const STANDING = { why: "asked for", series: 2, mase: 0.8, mase_error: 0.05, wape: 12.5, weight: 0.4 };

export const RESULT: FleetResult = {
  statement: "2 months of 2 of 2 series are forecast. The best single model, naive, has a MASE of 0.800.",
  assumptions: ["Candidates: naive (the last value again)."],
  unlearned_series: [],
  frequency: "monthly",
  season_length: 12,
  series_forecast: 2,
  series_judged: 2,
  standings: [
    { ...STANDING, model_type: null, why: "what is forecast", mase: 0.7, weight: 1 },
    { ...STANDING, model_type: "naive" },
  ],
  coverage: [{ level: 0.8, observed: 0.8125 }],
};

export const FORECAST: FleetForecast = {
  run_id: RUN.run_id,
  status: "succeeded",
  dataset_id: "01a1fd49-b5ce-721a-ac79-98f95931b777",
  horizon: 2,
  series_total: 2,
  excluded_series: [{ name: "short", reason: "2 values are too few" }],
  excluded_total: 1,
  other_frequencies: [],
  result: RESULT,
  created_at: RUN.created_at,
  started_at: RUN.created_at,
  completed_at: RUN.created_at,
};

export function seriesForecast(name: string, change: Partial<SeriesForecast> = {}): SeriesForecast {
  return {
    name,
    weights: [{ model_type: "naive", weight: 1 }],
    why: "clearly the best on 5 folds: naive",
    metrics: null,
    dates: ["2026-01-01", "2026-02-01"],
    points: [5, 6],
    intervals: [
      { level: 0.5, lower: [4.5, 5], upper: [5.5, 7] },
      { level: 0.8, lower: [4, 4.5], upper: [6, 7.5] },
    ],
    history: [1, null, 3],
    history_dates: ["2025-10-01", "2025-11-01", "2025-12-01"],
    ...change,
  };
}

/** What a run says, one frame after another. */
export function framesOf(...bodies: Body[]): Frame[] {
  return bodies.map((body, at) => ({
    schema: "run_v1",
    event_id: at + 1,
    stream_id: "run_0",
    server_timestamp: "2026-01-01T00:00:00Z",
    conversation_id: "c",
    ...body,
  }));
}

/** What a page is shown after these frames. */
export function viewAfter(...bodies: Body[]) {
  const transcript = new Transcript();
  for (const frame of framesOf(...bodies)) transcript.apply(frame);
  return viewOf(transcript.snapshot());
}
