import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "./root.tsx";

export const checkRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/check",
  component: lazyRouteComponent(() => import("./check_page.tsx"), "CheckRoute"),
});
