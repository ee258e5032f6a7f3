import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client.ts";

export const scenariosQuery = queryOptions({
  queryKey: ["demo", "scenarios"],
  queryFn: ({ signal }) => ask(api.GET("/demo/scenarios", { signal })),
  staleTime: 3_600_000,
});
