import { getRouteApi } from "@tanstack/react-router";
import { ComparisonPage } from "@/features/model_selection/comparison_page.tsx";
import type { SeriesSearch } from "./model_selection.ts";
import { useSearchChange } from "./search_change.ts";
import { useTitle } from "./title.ts";

const route = getRouteApi("/compare/$selectionId");

export function ComparisonRoute() {
  useTitle("Comparison");
  const { selectionId } = route.useParams();
  const { series, seq } = route.useSearch();
  const { change, onSeq } = useSearchChange<SeriesSearch>(route.useNavigate());
  return (
    <ComparisonPage
      key={selectionId}
      selectionId={selectionId}
      series={series ?? null}
      onSeries={(name) => change({ series: name })}
      seq={seq ?? null}
      onSeq={onSeq}
    />
  );
}
