import { screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { open, servePages } from "@/testing/pages.tsx";
import { answer, frames, problem, server } from "@/testing/server.ts";

servePages();

test("a refusal shows its code, its fields and the request to look for", async () => {
  const refusal = {
    type: "/errors/bad-cursor",
    code: "BAD_CURSOR",
    title: "Bad Cursor",
    detail: "the cursor belongs to another list",
    status: 400,
    request_id: "req-7",
    errors: [{ field: "cursor", message: "is of another list" }],
  };
  server.use(answer("/runs", refusal, 400));
  open("/runs?cursor=x");
  const alert = await screen.findByRole("alert");
  for (const text of ["BAD_CURSOR", "another list", "cursor", "req-7"])
    expect(alert.textContent).toContain(text);
  expect(within(alert).getByRole("button", { name: "Copy details" })).toBeTruthy();
});

test("an unknown address has a page of its own", async () => {
  open("/nowhere");
  expect(await screen.findByText("There is no such page")).toBeTruthy();
});

test.each([
  ["/runs/xyz", "run"],
  ["/compare/xyz", "comparison"],
  ["/showcase?run=xyz", "run"],
])("a mistyped id in %s is an unknown one, within the shell", async (path, what) => {
  const refusal = problem(422, "VALIDATION_ERROR", "xyz is not an id");
  server.use(
    answer("/runs/{run_id}", refusal, 422),
    answer("/model-selection/{selection_id}", refusal, 422),
    answer("/runs/{run_id}/replay/stream", refusal, 422),
    frames([], 1006),
  );
  open(path);
  expect(await screen.findByRole("heading", { name: `There is no such ${what}` })).toBeTruthy();
  expect(screen.getAllByText("xyz is not an id")).toHaveLength(1);
  expect(screen.getByRole("navigation", { name: "Main" })).toBeTruthy();
});

test("a page that fails leaves the navigation, and another page can be gone to", async () => {
  server.use(answer("/demo/scenarios", { not: "a list" }));
  open("/showcase");
  expect(await screen.findByRole("heading", { name: "This page could not be shown" })).toBeTruthy();
  const main = screen.getByRole("navigation", { name: "Main" });
  await userEvent.click(within(main).getByRole("link", { name: "Runs" }));
  expect(await screen.findByRole("heading", { name: "Runs" })).toBeTruthy();
});

test("the palette opens by key and goes where it is told", async () => {
  const pages = open("/showcase");
  await screen.findByRole("heading", { name: "Showcase" });
  await userEvent.keyboard("{Control>}k{/Control}");
  await userEvent.type(await screen.findByRole("combobox"), "runs");
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(pages.state.location.pathname).toBe("/runs"));
});
