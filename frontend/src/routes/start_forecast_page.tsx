import { getRouteApi } from "@tanstack/react-router";
import { StartForecastPage } from "@/features/model_selection/start_forecast_page.tsx";
import { useTitle } from "./title.ts";

const route = getRouteApi("/forecast");

export function StartForecastRoute() {
  useTitle("Forecast");
  const navigate = route.useNavigate();
  const { champion } = route.useSearch();
  return (
    <StartForecastPage
      champion={champion ?? null}
      onStarted={(runId) => void navigate({ to: "/forecast/$runId", params: { runId } })}
    />
  );
}
