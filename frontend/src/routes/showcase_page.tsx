import { getRouteApi } from "@tanstack/react-router";
import { ShowcasePage } from "@/features/demo/showcase_page.tsx";
import type { ShowcaseSearch } from "./demo.ts";
import { useSearchChange } from "./search_change.ts";
import { useTitle } from "./title.ts";

const route = getRouteApi("/showcase");

export function ShowcaseRoute() {
  useTitle("Showcase");
  const navigate = route.useNavigate();
  const { onSeq } = useSearchChange<ShowcaseSearch>(navigate);
  return (
    <ShowcasePage
      search={route.useSearch()}
      onSearch={(search) => void navigate({ search, replace: true, resetScroll: false })}
      onStarted={(search) => void navigate({ search, resetScroll: false })}
      onSeq={onSeq}
    />
  );
}
