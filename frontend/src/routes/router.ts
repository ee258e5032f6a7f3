import { createRouter } from "@tanstack/react-router";
import { showcaseRoute } from "./demo.tsx";
import { compareRoute, comparisonRoute } from "./model_selection.tsx";
import { indexRoute, rootRoute } from "./root.tsx";
import { runRoute, runsRoute } from "./runs.tsx";

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    indexRoute,
    showcaseRoute,
    compareRoute,
    comparisonRoute,
    runsRoute,
    runRoute,
  ]),
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
