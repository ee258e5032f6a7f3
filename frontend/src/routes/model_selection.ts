import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "./root.tsx";
import { positive, text } from "./search.ts";

export const compareRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/compare",
  component: lazyRouteComponent(() => import("./compare_page.tsx"), "CompareRoute"),
});

/** A series of a run, and a moment of it. */
export interface SeriesSearch {
  series?: string | undefined;
  seq?: number | undefined;
}

function seriesAtMoment(search: Record<string, unknown>): SeriesSearch {
  return { series: text(search.series), seq: positive(search.seq) };
}

export const comparisonRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/compare/$selectionId",
  validateSearch: seriesAtMoment,
  component: lazyRouteComponent(() => import("./comparison_page.tsx"), "ComparisonRoute"),
});

export const startForecastRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/forecast",
  validateSearch: (search: Record<string, unknown>): { champion?: string | undefined } => ({
    champion: text(search.champion),
  }),
  component: lazyRouteComponent(() => import("./start_forecast_page.tsx"), "StartForecastRoute"),
});

export const forecastRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/forecast/$runId",
  validateSearch: seriesAtMoment,
  component: lazyRouteComponent(() => import("./forecast_page.tsx"), "ForecastRoute"),
});
