import { getRouteApi } from "@tanstack/react-router";
import { LabPage } from "@/features/lab/lab_page.tsx";
import { useTitle } from "./title.ts";

const route = getRouteApi("/lab");

export function LabRoute() {
  useTitle("Lab");
  const navigate = route.useNavigate();
  return (
    <LabPage onCohort={(cohortId) => void navigate({ to: "/lab/cohorts/$cohortId", params: { cohortId } })} />
  );
}
