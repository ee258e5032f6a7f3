import { createRoute } from "@tanstack/react-router";
import { ShowcasePage, type ShowcaseSearch } from "@/features/demo/showcase_page.tsx";
import { rootRoute } from "./root.tsx";
import { natural, text } from "./search.ts";
import { useTitle } from "./title.ts";

export const showcaseRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/showcase",
  validateSearch: (search): ShowcaseSearch => ({
    scenario: text(search.scenario),
    seed: natural(search.seed),
    run: text(search.run),
  }),
  component: function Showcase() {
    useTitle("Showcase");
    const navigate = showcaseRoute.useNavigate();
    return (
      <ShowcasePage
        search={showcaseRoute.useSearch()}
        onSearch={(search) => void navigate({ search, replace: true, resetScroll: false })}
      />
    );
  },
});
