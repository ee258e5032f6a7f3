import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { cleanup, render, screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { answer, CATALOG, RUN, runDetail, runPage, SCENARIOS, server } from "@/testing/server.ts";
import { router } from "./router.ts";

beforeAll(() => {
  server.listen({ onUnhandledRequest: "error" });
  Object.assign(window, { scrollTo: () => undefined });
});
beforeEach(() =>
  server.use(answer("/runs", runPage([RUN], "next")), answer("/model-selection/models", CATALOG)),
);
afterEach(() => {
  cleanup();
  server.resetHandlers();
});
afterAll(() => server.close());

function open(path: string) {
  const pages = createRouter({
    routeTree: router.routeTree,
    history: createMemoryHistory({ initialEntries: [path] }),
  });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={queries}>
      <RouterProvider router={pages as unknown as typeof router} />
    </QueryClientProvider>,
  );
  return pages;
}

test("runs are listed with their figures", async () => {
  open("/runs");
  const table = await screen.findByRole("table");
  const row = within(table)
    .getByRole("link", { name: /seed 42/ })
    .closest("tr");
  expect(row?.textContent).toContain("Succeeded");
  expect(row?.textContent).toContain("1,284");
  expect(row?.textContent).toContain("1.25 s");
});

test("a filter is part of the address and of the request", async () => {
  const asked: string[] = [];
  server.use(
    answer("/runs", (request) => {
      asked.push(new URL(request.url).search);
      return runPage([]);
    }),
  );
  const pages = open("/runs?status=failed");
  expect(await screen.findByText("No run matches")).toBeTruthy();
  expect(asked.at(0)).toContain("status=failed");
  await userEvent.selectOptions(screen.getByLabelText("Kind"), "showcase");
  await waitFor(() =>
    expect(pages.state.location.search).toMatchObject({ status: "failed", kind: "showcase" }),
  );
});

test("without runs the page says how to make one", async () => {
  server.use(answer("/runs", runPage([])));
  open("/runs");
  expect(await screen.findByRole("link", { name: "Run the showcase" })).toBeTruthy();
});

test("a refusal shows its code, its fields and the request to look for", async () => {
  const problem = {
    type: "/errors/bad-cursor",
    code: "BAD_CURSOR",
    title: "Bad Cursor",
    detail: "the cursor belongs to another list",
    status: 400,
    request_id: "req-7",
    errors: [{ field: "cursor", message: "is of another list" }],
  };
  server.use(answer("/runs", problem, 400));
  open("/runs?cursor=x");
  const alert = await screen.findByRole("alert");
  for (const text of ["BAD_CURSOR", "another list", "cursor", "req-7"])
    expect(alert.textContent).toContain(text);
  expect(within(alert).getByRole("button", { name: "Copy details" })).toBeTruthy();
});

test("a preset that cannot run is disabled and says why", async () => {
  server.use(answer("/demo/scenarios", SCENARIOS));
  open("/showcase");
  const rich = await screen.findByRole("radio", { name: "Rich" });
  expect(rich.getAttribute("aria-disabled") ?? rich.hasAttribute("disabled")).toBeTruthy();
  expect(screen.getByText("needs a later version")).toBeTruthy();
  expect(screen.getByRole("radio", { name: "Minimal" }).getAttribute("aria-checked")).toBe("true");
});

test("a seed that is no whole number keeps the showcase from starting", async () => {
  server.use(answer("/demo/scenarios", SCENARIOS));
  open("/showcase");
  const seed = await screen.findByLabelText("Seed");
  await userEvent.clear(seed);
  expect(screen.getByRole("button", { name: "Run showcase" }).hasAttribute("disabled")).toBe(true);
  expect(seed.getAttribute("aria-invalid")).toBe("true");
});

test("a comparison cannot start without its series, and absent models cannot be chosen", async () => {
  server.use(
    answer("/model-selection/models", CATALOG),
    answer("/model-selection/runs", { items: [], next_cursor: null }),
  );
  open("/compare");
  expect((await screen.findByRole<HTMLInputElement>("checkbox", { name: /Naive/ })).checked).toBe(true);
  expect(screen.getByRole<HTMLInputElement>("checkbox", { name: /LightGBM/ }).disabled).toBe(true);
  expect(screen.getByText("Choose a file.")).toBeTruthy();
  expect(screen.getByRole("button", { name: /Start comparison/ }).hasAttribute("disabled")).toBe(true);
});

test("the groups of feature frame 2 are offered where a chosen model reads features", async () => {
  const naive = CATALOG.models[0];
  if (!naive) throw new Error("the catalogue has a model");
  const ridge = {
    ...naive,
    model_type: "prophet_like",
    label: "Ridge",
    feature_aware: true,
    parameters: [{ name: "feature_groups", type: "words", options: ["calendar", "price_promo"] }],
  };
  server.use(
    answer("/model-selection/models", { ...CATALOG, models: [...CATALOG.models, ridge] }),
    answer("/model-selection/runs", { items: [], next_cursor: null }),
  );
  open("/compare");
  const choice = await screen.findByRole("checkbox", { name: /Ridge/ });
  expect(screen.queryByText("Advanced: features")).toBeNull();
  await userEvent.click(choice);
  await userEvent.click(screen.getByText("Advanced: features"));
  expect(screen.queryByRole("checkbox", { name: /price promo/i })).toBeNull();
  await userEvent.selectOptions(screen.getByLabelText("Feature frame"), "2");
  const group = screen.getByRole<HTMLInputElement>("checkbox", { name: /price promo/i });
  await userEvent.click(group);
  expect(group.checked).toBe(true);
});

test("racing says which of the chosen models it could stop", async () => {
  const [naive] = CATALOG.models;
  if (!naive) throw new Error("the catalogue has a model");
  const forest = { ...naive, model_type: "random_forest", label: "Random Forest", costly: true };
  server.use(
    answer("/model-selection/models", { ...CATALOG, models: [...CATALOG.models, forest] }),
    answer("/model-selection/runs", { items: [], next_cursor: null }),
  );
  open("/compare");
  const racing = await screen.findByRole<HTMLInputElement>("checkbox", { name: /^Racing/ });
  expect(screen.getByText(/None of the chosen models is costly/)).toBeTruthy();
  await userEvent.click(screen.getByRole("checkbox", { name: /Random Forest/ }));
  expect(screen.getByText(/Costly and chosen: Random Forest/)).toBeTruthy();
  await userEvent.click(racing);
  expect(racing.checked).toBe(true);
});

test("an unknown address has a page of its own", async () => {
  open("/nowhere");
  expect(await screen.findByText("There is no such page")).toBeTruthy();
});

test("an unknown run says so", async () => {
  const problem = {
    type: "/errors/not-found",
    code: "NOT_FOUND",
    title: "Not Found",
    detail: "no such run",
    status: 404,
    request_id: "r",
  };
  server.use(answer("/runs/{run_id}", problem, 404), answer("/runs/{run_id}/replay/stream", problem, 404));
  open(`/runs/${RUN.run_id}`);
  expect((await screen.findAllByText("no such run")).length).toBeGreaterThan(0);
});

test("a run that has ended cannot be cancelled, and the button says why", async () => {
  server.use(answer("/runs/{run_id}", runDetail()), answer("/runs/{run_id}/replay/stream", {}, 404));
  open(`/runs/${RUN.run_id}`);
  const cancel = await screen.findByRole("button", { name: /Cancel run/ });
  expect(cancel.hasAttribute("disabled")).toBe(true);
  expect(cancel.getAttribute("title")).toContain("never changes");
});

test("the palette opens by key and goes where it is told", async () => {
  server.use(answer("/demo/scenarios", SCENARIOS));
  const pages = open("/showcase");
  await screen.findByRole("heading", { name: "Showcase" });
  await userEvent.keyboard("{Control>}k{/Control}");
  await userEvent.type(await screen.findByRole("combobox"), "runs");
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(pages.state.location.pathname).toBe("/runs"));
});
