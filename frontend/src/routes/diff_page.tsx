import { getRouteApi } from "@tanstack/react-router";
import { useCallback } from "react";
import { DiffPage } from "@/features/runs/diff/diff_page.tsx";
import type { DiffChoices } from "@/features/runs/diff/diff_views.ts";
import { useTitle } from "./title.ts";

const route = getRouteApi("/runs/$a/diff/$b");

export function DiffRoute() {
  useTitle("Two runs");
  const { a, b } = route.useParams();
  const navigate = route.useNavigate();
  const onChange = useCallback(
    (part: DiffChoices) =>
      void navigate({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false }),
    [navigate],
  );
  return <DiffPage a={a} b={b} choices={route.useSearch()} onChange={onChange} />;
}
