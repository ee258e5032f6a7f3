import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client.ts";
import type { WholeShowcaseRequest } from "@/api/types.ts";

export const scenariosQuery = queryOptions({
  queryKey: ["demo", "scenarios"],
  queryFn: ({ signal }) => ask(api.GET("/demo/scenarios", { signal })),
  staleTime: 3_600_000,
});

/** The generator of types takes every field with a default for required; one that is left out is the server's. */
export type StartRequest = Pick<WholeShowcaseRequest, "scenario" | "seed" | "reset" | "skip_seed"> &
  Partial<Pick<WholeShowcaseRequest, "world_id">>;

export type ScenarioName = StartRequest["scenario"];

/** The id of the run that has been accepted. It runs on its own: no page has to stay open for it. */
export async function startShowcase(request: StartRequest): Promise<string> {
  const accepted = await ask(api.POST("/demo/runs", { body: request as WholeShowcaseRequest }));
  return accepted.run_id;
}
