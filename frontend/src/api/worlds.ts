/** The stored worlds: what was generated, each whole and apart from the others. */
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "./client.ts";
import type { World } from "./types.ts";

const MOST_WORLDS = 200;

export const worldsQuery = queryOptions({
  queryKey: ["worlds"],
  queryFn: ({ signal }) => ask(api.GET("/worlds", { params: { query: { limit: MOST_WORLDS } }, signal })),
});

/** The world that was chosen, or the only one there is. */
export function chosenWorld(worlds: readonly World[], worldId: string | null): World | null {
  const chosen = worlds.find((world) => world.world_id === worldId);
  return chosen ?? (worlds.length === 1 ? (worlds[0] ?? null) : null);
}
