import { getRouteApi } from "@tanstack/react-router";
import { ForecastPage } from "@/features/model_selection/forecast_page.tsx";
import type { SeriesSearch } from "./model_selection.ts";
import { useSearchChange } from "./search_change.ts";
import { useTitle } from "./title.ts";

const route = getRouteApi("/forecast/$runId");

export function ForecastRoute() {
  useTitle("Forecast");
  const { runId } = route.useParams();
  const { series, seq } = route.useSearch();
  const { change, onSeq } = useSearchChange<SeriesSearch>(route.useNavigate());
  const onSeries = (name: string) => change({ series: name });
  return (
    <ForecastPage key={runId} {...{ runId, onSeries, onSeq }} series={series ?? null} seq={seq ?? null} />
  );
}
