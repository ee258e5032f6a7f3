import { getRouteApi } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { ArtifactPage } from "@/features/runs/artifacts/artifact_page.tsx";
import { isLabKind } from "@/features/runs/result_link.tsx";
import { useTitle } from "./title.ts";

const ArtifactUses = lazy(async () => ({
  default: (await import("@/features/lab/artifact_uses.tsx")).ArtifactUses,
}));

const route = getRouteApi("/artifacts/$artifactId");

export function ArtifactRoute() {
  useTitle("Artifact");
  const { artifactId } = route.useParams();
  return (
    <ArtifactPage
      key={artifactId}
      artifactId={artifactId}
      uses={(artifact, { kind, run_id }) =>
        isLabKind(kind) ? (
          <Suspense fallback={null}>
            <ArtifactUses artifact={artifact} runId={run_id} />
          </Suspense>
        ) : null
      }
    />
  );
}
