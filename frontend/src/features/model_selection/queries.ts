import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client.ts";
import type { CompareRequest, Dataset, StatedReading, WholeCompareRequest } from "@/api/types.ts";
import type { ChosenFile } from "./draft.ts";

/** Stores and products are those of one world; without a world there is nothing to ask for. */
export function storesQuery(worldId: string | null) {
  return queryOptions({
    queryKey: ["dimensions", worldId, "stores"],
    queryFn: ({ signal }) =>
      ask(api.GET("/dimensions/stores", { params: { query: { world_id: worldId ?? "" } }, signal })),
    enabled: worldId !== null,
  });
}

export function productsQuery(worldId: string | null) {
  return queryOptions({
    queryKey: ["dimensions", worldId, "products"],
    queryFn: ({ signal }) =>
      ask(api.GET("/dimensions/products", { params: { query: { world_id: worldId ?? "" } }, signal })),
    enabled: worldId !== null,
  });
}

/** The first pairs of a world that have sold anything, by store, and whether that is enough for this horizon. */
export function pairsQuery(worldId: string, horizon: number) {
  return queryOptions({
    queryKey: ["worlds", worldId, "pairs", horizon],
    queryFn: ({ signal }) =>
      ask(
        api.GET("/worlds/{world_id}/pairs", {
          params: { path: { world_id: worldId }, query: { limit: 500, forecast_horizon: horizon } },
          signal,
        }),
      ),
  });
}

export const comparisonsQuery = queryOptions({
  queryKey: ["model-selection", "list"],
  queryFn: ({ signal }) =>
    ask(api.GET("/model-selection/runs", { params: { query: { limit: 12 } }, signal })),
});

export function availabilityQuery(store: number | null, product: number | null, horizon: number) {
  return queryOptions({
    queryKey: ["model-selection", "availability", store, product, horizon],
    queryFn: ({ signal }) =>
      ask(
        api.GET("/model-selection/availability", {
          params: { query: { store_id: store ?? 0, product_id: product ?? 0, forecast_horizon: horizon } },
          signal,
        }),
      ),
    enabled: store !== null && product !== null,
  });
}

/** What was asked, and what came out once it has ended; its course between them is in the frames of its run. */
export function comparisonQuery(id: string) {
  return queryOptions({
    queryKey: ["model-selection", id],
    queryFn: ({ signal }) =>
      ask(api.GET("/model-selection/{selection_id}", { params: { path: { selection_id: id } }, signal })),
  });
}

/** Of a comparison that has ended; it never changes again. */
export function rankingQuery(id: string) {
  return queryOptions({
    queryKey: ["model-selection", id, "ranking"],
    queryFn: ({ signal }) =>
      ask(
        api.GET("/model-selection/{selection_id}/ranking", {
          params: { path: { selection_id: id } },
          signal,
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

const PAGE_SIZE = 50;

/** The series of a comparison that has ended, page by page: those with these letters in their names, or all. */
export function rankedSeriesQuery(id: string, part: string) {
  return infiniteQueryOptions({
    queryKey: ["model-selection", id, "series", part],
    queryFn: ({ pageParam, signal }) =>
      ask(
        api.GET("/model-selection/{selection_id}/series", {
          params: {
            path: { selection_id: id },
            query: {
              limit: PAGE_SIZE,
              ...(part ? { name_contains: part } : {}),
              ...(pageParam ? { cursor: pageParam } : {}),
            },
          },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** A series with everyone's place on it and the forecasts that its winner was judged on; the first series where none is named. */
export function chartsQuery(id: string, series: string | null) {
  return queryOptions({
    queryKey: ["model-selection", id, "charts", series],
    queryFn: ({ signal }) =>
      ask(
        api.GET("/model-selection/{selection_id}/charts", {
          params: { path: { selection_id: id }, query: series === null ? {} : { series } },
          signal,
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** What the server reads of a file, without keeping it. The same bytes are read in the same way, for ever. */
export function inspectionQuery(file: ChosenFile | null, reading: StatedReading) {
  return queryOptions({
    queryKey: ["datasets", "inspect", file?.key ?? null, reading],
    queryFn: ({ signal }) => ask(api.POST("/datasets/inspect", { ...sent(file, reading), signal })),
    enabled: file !== null,
    // Neither a refusal nor a large file is worth sending twice unasked.
    retry: false,
    refetchOnWindowFocus: false,
    staleTime: Number.POSITIVE_INFINITY,
    // As long as an answer is kept, the bytes of its file are.
    gcTime: 60_000,
  });
}

export async function uploadDataset(file: ChosenFile, reading: StatedReading): Promise<Dataset> {
  return ask(api.POST("/datasets", sent(file, reading)));
}

const MAX_NAME = 100;

function sent(file: ChosenFile | null, reading: StatedReading) {
  if (!file) throw new Error("there is no file to read");
  return {
    params: { query: { name: [...file.name].slice(0, MAX_NAME).join(""), ...reading } },
    // The document calls a body of any media type a string; what is sent are the bytes, which no string could hold.
    body: "",
    bodySerializer: () => file.bytes,
    // What a file is, its bytes say: a browser's word for it depends on the programs that are installed beside it.
    headers: { "content-type": "application/octet-stream" },
  };
}

/** The id of the comparison that has been accepted. */
export async function startComparison(request: CompareRequest): Promise<string> {
  // The document calls a field with a default present; the server fills in what is left out.
  const body = request as WholeCompareRequest;
  const accepted = await ask(api.POST("/model-selection/runs", { body }));
  return accepted.selection_id;
}
