import { getRouteApi } from "@tanstack/react-router";
import { LivePage } from "@/features/lab/live_page.tsx";
import { useTitle } from "./title.ts";

const route = getRouteApi("/lab/live");

export function LiveRoute() {
  useTitle("Live auction");
  const { snapshot, games, market } = route.useSearch();
  const isWhole = snapshot !== undefined && games !== undefined && market !== undefined;
  return (
    <LivePage
      of={isWhole ? { snapshot_id: snapshot, game_outcome_run_id: games, market_share_run_id: market } : null}
    />
  );
}
