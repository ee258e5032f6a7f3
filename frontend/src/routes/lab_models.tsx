import { getRouteApi } from "@tanstack/react-router";
import { CoveragePage } from "@/features/lab/coverage_page.tsx";
import { ModelsPage } from "@/features/lab/models_page.tsx";
import { useTitle } from "./title.ts";

const coverage = getRouteApi("/lab/coverage");

export function CoverageRoute() {
  useTitle("Coverage");
  const { kind, model } = coverage.useSearch();
  const navigate = coverage.useNavigate();
  return (
    <CoveragePage
      kind={kind ?? null}
      model={model ?? null}
      onModel={(next, name) =>
        void navigate({ search: { kind: next, model: name }, replace: true, resetScroll: false })
      }
    />
  );
}

export function ModelsRoute() {
  useTitle("Models compared");
  return <ModelsPage />;
}
