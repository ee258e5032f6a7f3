import { getRouteApi } from "@tanstack/react-router";
import { useCallback } from "react";
import { ComparisonPage } from "@/features/model_selection/comparison_page.tsx";
import type { SeriesSearch } from "./model_selection.ts";
import { useTitle } from "./title.ts";

const route = getRouteApi("/compare/$selectionId");

export function ComparisonRoute() {
  useTitle("Comparison");
  const { selectionId } = route.useParams();
  const { series, seq } = route.useSearch();
  const navigate = route.useNavigate();
  const onSearch = useCallback(
    (change: SeriesSearch) =>
      void navigate({ search: (before) => ({ ...before, ...change }), replace: true, resetScroll: false }),
    [navigate],
  );
  const onSeq = useCallback((next: number | undefined) => onSearch({ seq: next }), [onSearch]);
  return (
    <ComparisonPage
      key={selectionId}
      selectionId={selectionId}
      series={series ?? null}
      onSeries={(name) => onSearch({ series: name })}
      seq={seq ?? null}
      onSeq={onSeq}
    />
  );
}
