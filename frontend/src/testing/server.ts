/** The contract as a mock: handlers whose answers are checked against the generated types. */
import { type DefaultBodyType, HttpResponse, http, type JsonBodyType, ws } from "msw";
import { setupServer } from "msw/node";
import type { paths } from "@/api/schema.d.ts";
import type { Catalog, FileReport, RunDetail, RunItem, RunPage, Scenario, World } from "@/api/types.ts";

export const server = setupServer();

/** Answers one route of the contract; a path that the contract lacks does not compile. */
export function answer<T extends JsonBodyType>(
  path: keyof paths,
  body: T | ((request: Request) => T),
  status = 200,
) {
  return http.get(routeOf(path), ({ request }) =>
    HttpResponse.json<DefaultBodyType>(typeof body === "function" ? body(request) : body, { status }),
  );
}

/** Takes what is sent to one route of the contract, and answers it. Of what is no JSON, such as a file, it tells nothing. */
export function take<T extends JsonBodyType>(path: keyof paths, answer: (sent: unknown) => T, status = 200) {
  return http.post(routeOf(path), async ({ request }) =>
    HttpResponse.json<DefaultBodyType>(answer(await request.json().catch(() => null)), { status }),
  );
}

interface SentFile {
  bytes: Uint8Array;
  mediaType: string | null;
  /** How it is to be read. */
  query: Record<string, string>;
  /** Aborted once nobody waits for the answer any more. */
  signal: AbortSignal;
}

/** Takes a file that is sent to one route of the contract, and answers it; with a refusal where that is what comes back. */
export function takeFile<T extends JsonBodyType>(
  path: keyof paths,
  answer: (sent: SentFile) => T | Refusal | Promise<T | Refusal>,
) {
  return http.post(routeOf(path), async ({ request }) => {
    const { name: _, ...query } = Object.fromEntries(new URL(request.url).searchParams);
    const bytes = new Uint8Array(await request.arrayBuffer());
    const mediaType = request.headers.get("content-type");
    const body = await answer({ bytes, mediaType, query, signal: request.signal });
    const isRefusal = typeof body === "object" && body !== null && "status" in body;
    return HttpResponse.json<DefaultBodyType>(body, { status: isRefusal ? (body as Refusal).status : 200 });
  });
}

/** Refuses whatever is sent to one route of the contract. */
export function refuse(path: keyof paths, why: Refusal) {
  return http.post(routeOf(path), () => HttpResponse.json(why, { status: why.status }));
}

const STREAMS = ws.link("ws://localhost/api/runs/:run_id/stream");

/** Streams these frames to whoever connects, then closes with the code; without a code it stays open. */
export function frames(texts: readonly string[], code?: number) {
  return STREAMS.addEventListener("connection", ({ client }) => {
    for (const text of texts) client.send(text);
    if (code !== undefined) client.close(code);
  });
}

function routeOf(path: keyof paths): string {
  return `*/api${path.replaceAll(/\{(\w+)\}/g, ":$1")}`;
}

/** A refusal as the server writes it. */
export function problem(
  status: number,
  code: string,
  detail: string,
  errors: { field: string; message: string }[] = [],
) {
  const type = `/errors/${code.toLowerCase().replaceAll("_", "-")}`;
  return { type, code, title: code, detail, status, request_id: "req-1", errors };
}

type Refusal = ReturnType<typeof problem>;

/** What the server reads of a small file. */
export const REPORT: FileReport = {
  kind: "CSV text",
  layout: "long",
  columns: [
    { name: "shop", role: "id" },
    { name: "day", role: "date" },
    { name: "units", role: "value" },
    { name: "remark", role: "unread" },
  ],
  columns_total: 4,
  separator: ";",
  encoding: "UTF-8",
  decimal: ",",
  date_format: "DD/MM/YYYY",
  frequency: "monthly",
  rows: 72,
  series: 2,
  values: 70,
  missing_dates: 2,
  first_date: "2022-01-01",
  last_date: "2024-12-01",
  left_out: [],
  left_out_total: 0,
  notes: [],
  sketches: [],
};

export const RUN: RunItem = {
  run_id: "01a1fd49-b5ce-721a-ac79-98f95931b99a",
  kind: "showcase",
  status: "succeeded",
  title: "Showcase demo_minimal · seed 42",
  created_at: "2026-01-01T00:00:00Z",
  started_at: "2026-01-01T00:00:00Z",
  ended_at: "2026-01-01T00:00:01.250Z",
  attempt: 1,
  waits_for: null,
  conversation_id: "01a1fd49-b5ce-721a-ac79-98f95931b900",
  parent_run_id: null,
  priority: 0,
  is_dead_letter: false,
  frames: 1284,
  error: null,
};

export function runPage(items: RunItem[], next_cursor: string | null = null): RunPage {
  return { items, damaged: [], next_cursor };
}

export function runDetail(change: Partial<RunDetail> = {}): RunDetail {
  return {
    ...RUN,
    spec: {},
    spec_digest: "00",
    seed: 42,
    program: { version: "0.1.0", commit: null },
    root_run_id: RUN.run_id,
    wakes_at: null,
    questions: [],
    attempts: [],
    timeline: [],
    inputs: [],
    artifacts: [],
    ledger: { seq: 1, head: "00", is_closed: true },
    retry_of: null,
    ...change,
  };
}

const PLAN: Scenario["plan"] = [
  {
    phase: "data",
    steps: [
      { step: "precheck", what: "Ask the server whether it is well." },
      { step: "seed", what: "Generate the world of the scenario and the seed." },
    ],
  },
  { phase: "verify", steps: [{ step: "verify", what: "Hash the model's bytes again." }] },
];

export const SCENARIOS: Scenario[] = [
  {
    scenario: "demo_minimal",
    title: "Minimal",
    description: "Three stores.",
    stores: 3,
    products: 10,
    days: 92,
    plan: PLAN,
    note: null,
  },
  {
    scenario: "sparse",
    title: "Sparse",
    description: "Half of all pairs never sell.",
    stores: 3,
    products: 10,
    days: 92,
    plan: PLAN,
    note: "may end red: the first pair may be one that never sells",
  },
];

export function world(nth: number, title: string): World {
  return {
    world_id: `01a1fd49-b5ce-721a-ac79-0000000000${String(nth).padStart(2, "0")}`,
    title,
    scenario: "sparse",
    seed: nth,
    digest: "00",
    start_date: "2026-01-01",
    end_date: "2026-04-02",
    first_sale_date: "2026-01-01",
    last_sale_date: "2026-04-02",
    row_counts: {
      stores: 3,
      products: 10,
      calendar: 92,
      sales: 1380,
      price_history: 0,
      promotions: 0,
      inventory: 0,
      exogenous_signals: 0,
      sales_returns: 0,
      replenishment_events: 0,
    },
    created_at: "2026-01-01T00:00:00Z",
  };
}

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
      unavailable_reason: "not built in; use `ses`",
    },
  ],
  default_candidate_model_types: ["naive", "lightgbm"],
};
