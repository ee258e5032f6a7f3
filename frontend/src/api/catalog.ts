/** The catalogue of models. It is the same for as long as a server runs. */
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "./client.ts";

export const catalogQuery = queryOptions({
  queryKey: ["model-selection", "models"],
  queryFn: ({ signal }) => ask(api.GET("/model-selection/models", { signal })),
  staleTime: 3_600_000,
});
