import { getRouteApi } from "@tanstack/react-router";
import { CohortPage } from "@/features/lab/cohort_page.tsx";
import { SyntheticPage } from "@/features/lab/synthetic_page.tsx";
import { useTitle } from "./title.ts";

const cohort = getRouteApi("/lab/cohorts/$cohortId");
const synthetic = getRouteApi("/lab/synthetic-calcuttas/$syntheticCalcuttaId");

export function CohortRoute() {
  useTitle("Cohort");
  const { cohortId } = cohort.useParams();
  const navigate = cohort.useNavigate();
  return (
    <CohortPage
      key={cohortId}
      cohortId={cohortId}
      onStarted={(runId) => void navigate({ to: "/lab/batches/$runId", params: { runId } })}
    />
  );
}

export function SyntheticRoute() {
  useTitle("Synthetic calcutta");
  const { syntheticCalcuttaId } = synthetic.useParams();
  return <SyntheticPage key={syntheticCalcuttaId} syntheticCalcuttaId={syntheticCalcuttaId} />;
}
