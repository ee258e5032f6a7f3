/** The contract as a mock: handlers whose answers are checked against the generated types. */
import { type DefaultBodyType, HttpResponse, http, type JsonBodyType } from "msw";
import { setupServer } from "msw/node";
import type { paths } from "@/api/schema.d.ts";
import type { Catalog, RunDetail, RunItem, RunPage, Scenario } from "@/api/types.ts";

export const server = setupServer();

/** Answers one route of the contract; a path that the contract lacks does not compile. */
export function answer<T extends JsonBodyType>(
  path: keyof paths,
  body: T | ((request: Request) => T),
  status = 200,
) {
  return http.get(`*/api${path.replaceAll(/\{(\w+)\}/g, ":$1")}`, ({ request }) =>
    HttpResponse.json<DefaultBodyType>(typeof body === "function" ? body(request) : body, { status }),
  );
}

export const RUN: RunItem = {
  run_id: "01a1fd49-b5ce-721a-ac79-98f95931b99a",
  kind: "showcase",
  status: "succeeded",
  title: "Showcase demo_minimal · seed 42",
  created_at: "2026-01-01T00:00:00Z",
  started_at: "2026-01-01T00:00:00Z",
  ended_at: "2026-01-01T00:00:01.250Z",
  attempt: 1,
  conversation_id: "c",
  frames: 1284,
  error: null,
};

export function runPage(items: RunItem[], next_cursor: string | null = null): RunPage {
  return { items, next_cursor };
}

export function runDetail(change: Partial<RunDetail> = {}): RunDetail {
  return {
    ...RUN,
    spec: {},
    spec_digest: "00",
    seed: 42,
    attempts: [],
    timeline: [],
    inputs: [],
    artifacts: [],
    ledger: { seq: 1, head: "00", is_closed: true },
    is_dead_letter: false,
    ...change,
  };
}

export const SCENARIOS: Scenario[] = [
  {
    scenario: "demo_minimal",
    title: "Minimal",
    description: "Three stores.",
    stores: 3,
    products: 10,
    days: 92,
    steps: 11,
    is_available: true,
    note: null,
  },
  {
    scenario: "showcase_rich",
    title: "Rich",
    description: "Everything.",
    stores: 5,
    products: 15,
    days: 181,
    steps: 24,
    is_available: false,
    note: "needs a later version",
  },
];

const MODEL: Catalog["models"][number] = {
  model_type: "naive",
  label: "Naive",
  family: "baseline",
  scope: "series",
  feature_aware: false,
  requires_extra: false,
  costly: false,
  default_params: {},
  supports_auto_predict: true,
  description: "Repeats the last value.",
  parameters: [],
  minimum_history: 1,
  available: true,
};

export const CATALOG: Catalog = {
  models: [
    MODEL,
    {
      ...MODEL,
      model_type: "lightgbm",
      label: "LightGBM",
      available: false,
      unavailable_reason: "not built in",
    },
  ],
  default_candidate_model_types: ["naive", "lightgbm"],
};
