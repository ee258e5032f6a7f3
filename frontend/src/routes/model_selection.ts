import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "./root.tsx";
import { positive, text } from "./search.ts";

export const compareRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/compare",
  component: lazyRouteComponent(() => import("./compare_page.tsx"), "CompareRoute"),
});

export interface ComparisonSearch {
  series?: string | undefined;
  seq?: number | undefined;
}

export const comparisonRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/compare/$selectionId",
  validateSearch: (search): ComparisonSearch => ({
    series: text(search.series),
    seq: positive(search.seq),
  }),
  component: lazyRouteComponent(() => import("./comparison_page.tsx"), "ComparisonRoute"),
});
