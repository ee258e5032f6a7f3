import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { ComparePage } from "@/features/model_selection/compare_page.tsx";
import { rootRoute } from "./root.tsx";
import { text } from "./search.ts";
import { useTitle } from "./title.ts";

export const compareRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/compare",
  component: function Compare() {
    useTitle("Compare");
    const navigate = compareRoute.useNavigate();
    return (
      <ComparePage
        onStarted={(selectionId) => void navigate({ to: "/compare/$selectionId", params: { selectionId } })}
      />
    );
  },
});

export const comparisonRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/compare/$selectionId",
  validateSearch: (search): { series?: string | undefined } => ({ series: text(search.series) }),
  // Alone on this page are charts; their library is fetched with it.
  component: lazyRouteComponent(() => import("./comparison.tsx"), "ComparisonRoute"),
});
