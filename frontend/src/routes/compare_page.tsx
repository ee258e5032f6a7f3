import { getRouteApi } from "@tanstack/react-router";
import { ComparePage } from "@/features/model_selection/compare_page.tsx";
import { useTitle } from "./title.ts";

const route = getRouteApi("/compare");

export function CompareRoute() {
  useTitle("Compare");
  const navigate = route.useNavigate();
  return (
    <ComparePage
      onStarted={(selectionId) => void navigate({ to: "/compare/$selectionId", params: { selectionId } })}
    />
  );
}
