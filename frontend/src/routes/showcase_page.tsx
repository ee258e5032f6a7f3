import { getRouteApi } from "@tanstack/react-router";
import { useCallback } from "react";
import { ShowcasePage } from "@/features/demo/showcase_page.tsx";
import { useTitle } from "./title.ts";

const route = getRouteApi("/showcase");

export function ShowcaseRoute() {
  useTitle("Showcase");
  const navigate = route.useNavigate();
  const onSeq = useCallback(
    (seq: number | undefined) =>
      void navigate({ search: (before) => ({ ...before, seq }), replace: true, resetScroll: false }),
    [navigate],
  );
  return (
    <ShowcasePage
      search={route.useSearch()}
      onSearch={(search) => void navigate({ search, replace: true, resetScroll: false })}
      onStarted={(search) => void navigate({ search, resetScroll: false })}
      onSeq={onSeq}
    />
  );
}
