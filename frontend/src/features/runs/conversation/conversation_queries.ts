import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client.ts";
import type { Cut } from "@/api/types.ts";

const PAGE = 1000;
const MOST_RUNS = 200;

export function conversationQuery(conversation_id: string) {
  return queryOptions({
    queryKey: ["conversation", conversation_id],
    queryFn: ({ signal }) =>
      ask(api.GET("/conversations/{conversation_id}", { params: { path: { conversation_id } }, signal })),
  });
}

/** What its runs are called and how they stand. */
export function conversationRunsQuery(conversation_id: string) {
  return queryOptions({
    queryKey: ["conversation", conversation_id, "runs"],
    queryFn: ({ signal }) =>
      ask(api.GET("/runs", { params: { query: { conversation_id, limit: MOST_RUNS } }, signal })),
  });
}

/** The frames of all of its runs, one run after the other. */
export function conversationReplayQuery(conversation_id: string) {
  return infiniteQueryOptions({
    queryKey: ["conversation", conversation_id, "replay"],
    queryFn: ({ pageParam, signal }) =>
      ask(
        api.GET("/conversations/{conversation_id}/replay/events", {
          params: {
            path: { conversation_id },
            query: { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? null,
  });
}

/** Leaves out what stands behind a frame of one of its runs. */
export function cutConversation(conversation_id: string, at: { run_id: string; seq: number }): Promise<Cut> {
  return ask(
    api.POST("/conversations/{conversation_id}/truncate", {
      params: { path: { conversation_id } },
      body: at,
    }),
  );
}
