import { getRouteApi } from "@tanstack/react-router";
import { useCallback } from "react";
import { ForecastPage } from "@/features/model_selection/forecast_page.tsx";
import type { SeriesSearch } from "./model_selection.ts";
import { useTitle } from "./title.ts";

const route = getRouteApi("/forecast/$runId");

export function ForecastRoute() {
  useTitle("Forecast");
  const { runId } = route.useParams();
  const { series, seq } = route.useSearch();
  const navigate = route.useNavigate();
  const change = useCallback(
    (next: SeriesSearch) =>
      void navigate({ search: (before) => ({ ...before, ...next }), replace: true, resetScroll: false }),
    [navigate],
  );
  const onSeq = useCallback((next: number | undefined) => change({ seq: next }), [change]);
  const onSeries = (name: string) => change({ series: name });
  return (
    <ForecastPage key={runId} {...{ runId, onSeries, onSeq }} series={series ?? null} seq={seq ?? null} />
  );
}
