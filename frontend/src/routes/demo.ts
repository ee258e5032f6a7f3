import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "./root.tsx";
import { natural, positive, text } from "./search.ts";

export interface ShowcaseSearch {
  scenario?: string | undefined;
  seed?: number | undefined;
  run?: string | undefined;
  seq?: number | undefined;
}

export const showcaseRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/showcase",
  validateSearch: (search): ShowcaseSearch => ({
    scenario: text(search.scenario),
    seed: natural(search.seed),
    run: text(search.run),
    seq: positive(search.seq),
  }),
  component: lazyRouteComponent(() => import("./showcase_page.tsx"), "ShowcaseRoute"),
});
