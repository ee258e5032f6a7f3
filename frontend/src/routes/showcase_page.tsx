import { getRouteApi } from "@tanstack/react-router";
import { ShowcasePage } from "@/features/demo/showcase_page.tsx";
import { useTitle } from "./title.ts";

const route = getRouteApi("/showcase");

export function ShowcaseRoute() {
  useTitle("Showcase");
  const navigate = route.useNavigate();
  return (
    <ShowcasePage
      search={route.useSearch()}
      onSearch={(search) => void navigate({ search, replace: true, resetScroll: false })}
    />
  );
}
