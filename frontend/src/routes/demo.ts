import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "./root.tsx";
import { natural, text } from "./search.ts";

export const showcaseRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/showcase",
  validateSearch: (
    search,
  ): { scenario?: string | undefined; seed?: number | undefined; run?: string | undefined } => ({
    scenario: text(search.scenario),
    seed: natural(search.seed),
    run: text(search.run),
  }),
  component: lazyRouteComponent(() => import("./showcase_page.tsx"), "ShowcaseRoute"),
});
