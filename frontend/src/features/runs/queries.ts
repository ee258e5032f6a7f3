import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client.ts";
import type { Accepted, Retention, RetentionRequest, RunDetail, RunStatus } from "@/api/types.ts";
import { eventSocket } from "./event_socket.ts";
import type { FollowOptions } from "./stream.ts";

export interface RunFilter {
  kind?: string | undefined;
  status?: RunStatus | undefined;
  parent_run_id?: string | undefined;
  is_dead_letter?: boolean | undefined;
  cursor?: string | undefined;
}

const PAGE_SIZE = 50;
const REFRESH_MS = 3_000;

export function runsQuery(filter: RunFilter) {
  return queryOptions({
    queryKey: ["runs", filter],
    queryFn: ({ signal }) =>
      ask(api.GET("/runs", { params: { query: { limit: PAGE_SIZE, ...filter } }, signal })),
    // Only the newest page changes by itself; a page behind a cursor is history.
    refetchInterval: filter.cursor ? false : REFRESH_MS,
    placeholderData: (previous) => previous,
  });
}

/** What there is to filter by. It does not change while the server runs. */
export function runKindsQuery() {
  return queryOptions({
    queryKey: ["run-kinds"],
    queryFn: ({ signal }) => ask(api.GET("/run-kinds", { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function isSettled(status: RunStatus): boolean {
  return status === "succeeded" || status === "failed" || status === "cancelled";
}

export function runQuery(runId: string) {
  return queryOptions({
    queryKey: ["run", runId],
    queryFn: ({ signal }) => ask(api.GET("/runs/{run_id}", { params: { path: { run_id: runId } }, signal })),
    refetchInterval: (query) => (query.state.data && !isSettled(query.state.data.status) ? 1_500 : false),
  });
}

/** The server's own check. It asks by itself once the run is closed; what was found before says nothing of the end. */
export function verdictQuery(runId: string, isClosed: boolean) {
  return queryOptions({
    queryKey: ["run", runId, "verify", isClosed ? "closed" : "open"],
    queryFn: ({ signal }) =>
      ask(api.GET("/runs/{run_id}/verify", { params: { path: { run_id: runId } }, signal })),
    enabled: isClosed,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** What a run that executes another again has left, beside what the other did. It never changes once the run has ended. */
export function reproductionQuery(runId: string, isEnded: boolean) {
  return queryOptions({
    queryKey: ["run", runId, "reproduction"],
    queryFn: ({ signal }) =>
      ask(api.GET("/runs/{run_id}/reproduction", { params: { path: { run_id: runId } }, signal })),
    enabled: isEnded,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export async function reproduce(runId: string): Promise<Accepted> {
  return ask(api.POST("/runs/{run_id}/reproduce", { params: { path: { run_id: runId } } }));
}

export async function cancelRun(runId: string): Promise<RunDetail> {
  return ask(api.DELETE("/runs/{run_id}", { params: { path: { run_id: runId } } }));
}

/** Submits an ended run again, as a new run. */
export async function requeue(runId: string): Promise<Accepted> {
  return ask(api.POST("/runs/{run_id}/requeue", { params: { path: { run_id: runId } } }));
}

/** Says what old runs would leave behind and why others stay; with `apply` it removes the former. */
export async function retain(body: RetentionRequest): Promise<Retention> {
  return ask(api.POST("/runs/retention", { body }));
}

/** Gives up a run that no worker holds. */
export async function abandon(runId: string, reason: string): Promise<RunDetail> {
  return ask(api.POST("/runs/{run_id}/abandon", { params: { path: { run_id: runId } }, body: { reason } }));
}

export async function decide(
  runId: string,
  answer: { name: string; decision: "approved" | "rejected"; reason?: string },
): Promise<RunDetail> {
  return ask(api.POST("/runs/{run_id}/decisions", { params: { path: { run_id: runId } }, body: answer }));
}

/** The run's frames from any position to its end, over a WebSocket or as an event stream. */
export function streamOf(runId: string): Pick<FollowOptions, "open" | "openEvents" | "ask"> {
  const path = { run_id: runId };
  const events = (after: number, follow: boolean, signal?: AbortSignal) =>
    api.GET("/runs/{run_id}/replay/stream", {
      params: { path, query: { after, follow } },
      parseAs: "stream",
      ...(signal ? { signal } : {}),
    });
  return {
    open: (after) => {
      const url = new URL(`/api/runs/${encodeURIComponent(runId)}/stream?after=${after}`, location.origin);
      url.protocol = url.protocol.replace("http", "ws");
      return new WebSocket(url);
    },
    openEvents: (after) => eventSocket((signal) => events(after, true, signal)),
    // The event stream begins with the same checks and says what is wrong, which a refused WebSocket does not.
    ask: async (after) => {
      await (await ask(events(after, false)))?.cancel();
    },
  };
}
