import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client.ts";
import type { ForecastRequest, WholeForecastRequest } from "@/api/types.ts";

const PAGE_SIZE = 100;

/** What was asked, and what it came to once it has ended; its course between them is in the frames of its run. */
export function forecastQuery(runId: string) {
  return queryOptions({
    queryKey: ["forecast", runId],
    queryFn: ({ signal }) =>
      ask(api.GET("/forecasts/{forecast_id}", { params: { path: { forecast_id: runId } }, signal })),
  });
}

/** The series of a forecast that has ended, page by page; they never change again. */
export function seriesForecastsQuery(runId: string) {
  return infiniteQueryOptions({
    queryKey: ["forecast", runId, "series"],
    queryFn: ({ pageParam, signal }) =>
      ask(
        api.GET("/forecasts/{forecast_id}/series", {
          params: {
            path: { forecast_id: runId },
            query: { limit: PAGE_SIZE, ...(pageParam ? { cursor: pageParam } : {}) },
          },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The id of the run that has been accepted. */
export async function startForecast(request: ForecastRequest): Promise<string> {
  // The document calls a field with a default present; the server fills in what is left out.
  const body = request as WholeForecastRequest;
  const accepted = await ask(api.POST("/forecasts", { body }));
  return accepted.run_id;
}
