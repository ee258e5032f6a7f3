import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "./root.tsx";
import { text } from "./search.ts";

export const compareRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/compare",
  component: lazyRouteComponent(() => import("./compare_page.tsx"), "CompareRoute"),
});

export const comparisonRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/compare/$selectionId",
  validateSearch: (search): { series?: string | undefined } => ({ series: text(search.series) }),
  component: lazyRouteComponent(() => import("./comparison_page.tsx"), "ComparisonRoute"),
});
