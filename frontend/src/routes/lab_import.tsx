import { getRouteApi } from "@tanstack/react-router";
import { ImportPage } from "@/features/lab/import_page.tsx";
import { useTitle } from "./title.ts";

const route = getRouteApi("/lab/import");

export function ImportRoute() {
  useTitle("Import a season");
  const navigate = route.useNavigate();
  return (
    <ImportPage
      onKept={(tournamentId) =>
        void navigate({ to: "/lab/tournaments/$tournamentId", params: { tournamentId } })
      }
    />
  );
}
