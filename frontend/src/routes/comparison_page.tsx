import { getRouteApi } from "@tanstack/react-router";
import { ComparisonPage } from "@/features/model_selection/comparison_page.tsx";
import { useTitle } from "./title.ts";

const route = getRouteApi("/compare/$selectionId");

export function ComparisonRoute() {
  useTitle("Comparison");
  const { selectionId } = route.useParams();
  const { series } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <ComparisonPage
      key={selectionId}
      selectionId={selectionId}
      series={series ?? null}
      onSeries={(name) => void navigate({ search: { series: name }, replace: true, resetScroll: false })}
    />
  );
}
