import { createRootRoute, createRoute, redirect } from "@tanstack/react-router";
import { NotFound, PageFailure } from "@/app/failure.tsx";
import { Shell } from "@/app/shell.tsx";

export const rootRoute = createRootRoute({
  component: Shell,
  errorComponent: PageFailure,
  notFoundComponent: NotFound,
});

export const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/showcase" });
  },
});
