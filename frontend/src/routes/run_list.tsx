import { getRouteApi } from "@tanstack/react-router";
import { RunList } from "@/features/runs/run_list.tsx";
import { useTitle } from "./title.ts";

const route = getRouteApi("/runs");

export function RunListRoute() {
  useTitle("Runs");
  const navigate = route.useNavigate();
  return <RunList filter={route.useSearch()} onFilter={(filter) => void navigate({ search: filter })} />;
}
