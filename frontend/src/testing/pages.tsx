/** Pages as a user has them, on a server that answers by the contract. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { cleanup, render } from "@testing-library/react";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { router } from "@/routes/router.ts";
import { answer, CATALOG, frames, REPORT, RUN, runPage, SCENARIOS, server, takeFile } from "./server.ts";

/** Call once at the top of a test file. What every page asks for is answered; a test says the rest. */
export function servePages(): void {
  beforeAll(() => {
    server.listen({ onUnhandledRequest: "error" });
    // Charts ask for the screen's density as soon as they are loaded; jsdom has no screen.
    const matchMedia = () => Object.assign(new EventTarget(), { matches: false });
    Object.assign(window, { scrollTo: () => undefined, matchMedia });
  });
  beforeEach(() =>
    server.use(
      answer("/runs", runPage([RUN], "next")),
      answer("/run-kinds", { kinds: ["comparison", "showcase", "tournament"] }),
      answer("/model-selection/models", CATALOG),
      answer("/demo/scenarios", SCENARIOS),
      answer("/worlds", { items: [], next_cursor: null }),
      takeFile("/datasets/inspect", () => REPORT),
      frames([]),
    ),
  );
  afterEach(() => {
    cleanup();
    server.resetHandlers();
  });
  afterAll(() => server.close());
}

/** A tab of its own at this address. */
export function open(path: string) {
  const pages = createRouter({
    ...router.options,
    history: createMemoryHistory({ initialEntries: [path] }),
  });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={queries}>
      <RouterProvider router={pages} />
    </QueryClientProvider>,
  );
  return pages;
}
