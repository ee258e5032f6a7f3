import { getRouteApi } from "@tanstack/react-router";
import { OpsPage } from "@/features/runs/ops_page.tsx";
import { useTitle } from "./title.ts";

const route = getRouteApi("/ops");

export function OpsRoute() {
  useTitle("Operations");
  const { run } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <OpsPage
      runId={run ?? null}
      onRun={(id) => void navigate({ search: { run: id }, replace: true, resetScroll: false })}
    />
  );
}
