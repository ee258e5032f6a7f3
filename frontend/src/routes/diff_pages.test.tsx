import { screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { diffOf, ENTRIES, entry, OTHER_RUN } from "@/testing/diffs.ts";
import { framesOf } from "@/testing/forecasts.ts";
import { open, servePages } from "@/testing/pages.tsx";
import { answer, frames, problem, RUN, runDetail, runPage, server } from "@/testing/server.ts";

servePages();

const PATH = `/runs/${RUN.run_id}/diff/${OTHER_RUN}`;

function serveDiff(entries = ENTRIES) {
  const asked: string[] = [];
  server.use(
    answer("/runs/{run_id}/diff/{other_run_id}", (request) => {
      const { pathname, search } = new URL(request.url);
      asked.push(pathname.split("/runs/")[1] + search);
      return diffOf(entries);
    }),
  );
  return asked;
}

async function positions(): Promise<string[]> {
  const both = await Promise.all(["left", "right"].map((side) => screen.findByTestId(`position-${side}`)));
  return both.map((each) => each.textContent ?? "");
}

test("a comparison begins with a verdict, what was asked for differently, and the rows side by side", async () => {
  const asked = serveDiff();
  open(PATH);
  expect((await screen.findByTestId("verdict")).textContent).toContain(
    "They were asked for different things",
  );
  expect(asked).toEqual([`${RUN.run_id}/diff/${OTHER_RUN}?show=changes&limit=500&ignore=timing%2Cids`]);
  expect(screen.getByTestId("causes").textContent).toContain("spec.horizon");
  const rows = screen.getByRole("list", { name: "Rows side by side" });
  const message = rows.querySelector('[data-change="changed"] [data-side="right"]');
  expect(message).toBeTruthy();
  const text = within(rows).getByText("ets");
  expect(text.tagName).toBe("INS");
  expect(within(rows).getByText("naive").tagName).toBe("DEL");
  expect(rows.querySelector('[data-change="added"] [data-side="left"]')?.textContent).toContain(
    "It is not there",
  );
});

test("to move one run is to move the other to the same thing, and the address names the moment", async () => {
  serveDiff();
  const pages = open(`${PATH}?seq=4`);
  expect(await positions()).toEqual(["4 / 20", "4 / 24"]);
  const right = screen.getByRole("slider", { name: "Position in the right run" });
  // A slider of jsdom takes no keys.
  const { fireEvent } = await import("@testing-library/react");
  fireEvent.change(right, { target: { value: "12" } });
  expect(await positions()).toEqual(["10 / 20", "12 / 24"]);
  await waitFor(() => expect(pages.state.location.search).toMatchObject({ seq: 10 }));
});

test("the keyboard goes from change to change", async () => {
  serveDiff();
  open(`${PATH}?seq=1`);
  await positions();
  const here = () => document.querySelector('[aria-current="true"]')?.textContent;
  await userEvent.keyboard("n");
  await waitFor(() => expect(here()).toContain("Message"));
  expect(await positions()).toEqual(["10 / 20", "12 / 24"]);
  await userEvent.keyboard("n");
  await waitFor(() => expect(here()).toContain("SHORT_HISTORY"));
  await userEvent.keyboard("p");
  await waitFor(() => expect(here()).toContain("Message"));
  await userEvent.keyboard("{Home}");
  expect(await positions()).toEqual(["1 / 20", "1 / 24"]);
});

test("what counts and what is shown are in the address and are asked for", async () => {
  const asked = serveDiff();
  const pages = open(PATH);
  await userEvent.click(await screen.findByRole("button", { name: /^All/ }));
  await userEvent.click(screen.getByLabelText("Count times"));
  await waitFor(() => expect(asked.at(-1)).toContain("show=all&limit=500&ignore=ids"));
  expect(pages.state.location.search).toMatchObject({ all: true, times: true });
  await userEvent.click(screen.getByRole("button", { name: "Table" }));
  expect(await screen.findByRole("region", { name: "Rows" })).toBeTruthy();
});

test("both transcripts are shown at the moment by the reducer that shows each alone", async () => {
  serveDiff();
  const bodies = framesOf(
    { kind: "notice", level: "info", code: "A", message: "first said" },
    { kind: "notice", level: "info", code: "B", message: "then said" },
  );
  server.use(answer("/runs/{run_id}", runDetail()), frames(bodies.map((each) => JSON.stringify(each))));
  open(`${PATH}?seq=1&view=transcripts`);
  const left = await screen.findByTestId("transcript-left");
  await within(left).findByText("first said");
  expect(within(left).queryByText("then said")).toBeNull();
});

test("runs that are the same say so, and lead to what is the same", async () => {
  serveDiff([]);
  open(PATH);
  expect(await screen.findByText("Nothing differs")).toBeTruthy();
  expect(screen.getByText("The same")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Show what is the same" })).toBeTruthy();
});

test("a run that is not there is said to be none", async () => {
  server.use(answer("/runs/{run_id}/diff/{other_run_id}", problem(404, "NOT_FOUND", "no such run"), 404));
  open(PATH);
  expect(await screen.findByRole("heading", { name: "One of these runs is not there" })).toBeTruthy();
  expect(screen.getByRole("link", { name: "Choose two runs" })).toBeTruthy();
});

test("rows that follow are loaded when they are asked for", async () => {
  server.use(
    answer("/runs/{run_id}/diff/{other_run_id}", (request) =>
      request.url.includes("cursor=next")
        ? diffOf([entry({ change: "changed", label: "last", path: "z" })])
        : diffOf(ENTRIES, { remaining: 1, next_cursor: "next" }),
    ),
  );
  open(PATH);
  await userEvent.click(await screen.findByRole("button", { name: "Load more (1 follow)" }));
  expect(await screen.findByRole("button", { name: "Step last" })).toBeTruthy();
});

test("two runs are picked in the list, the older one first", async () => {
  const older = { ...RUN, run_id: OTHER_RUN, title: "Older", created_at: "2025-01-01T00:00:00Z" };
  server.use(answer("/runs", runPage([RUN, older])));
  serveDiff();
  const pages = open("/runs");
  await userEvent.click(await screen.findByLabelText(/Compare Showcase/));
  expect(screen.getByText(/pick another run/)).toBeTruthy();
  await userEvent.click(screen.getByLabelText("Compare Older"));
  await userEvent.click(screen.getByRole("link", { name: "Compare the two" }));
  await waitFor(() => expect(pages.state.location.pathname).toBe(`/runs/${OTHER_RUN}/diff/${RUN.run_id}`));
});

test("a run leads to its comparison with another of its kind, or with any whose id is pasted", async () => {
  const other = { ...RUN, run_id: OTHER_RUN, title: "Another" };
  server.use(answer("/runs", runPage([RUN, other])), answer("/runs/{run_id}", runDetail()));
  serveDiff();
  const pages = open(`/runs/${RUN.run_id}`);
  await userEvent.click(await screen.findByRole("button", { name: "Compare with…" }));
  const dialog = await screen.findByRole("dialog", { name: "Compare with" });
  expect(await within(dialog).findByRole("link", { name: /Another/ })).toBeTruthy();
  await userEvent.type(within(dialog).getByLabelText("Any run"), "nothing");
  expect(within(dialog).getByText(/Not a run's id/)).toBeTruthy();
  await userEvent.clear(within(dialog).getByLabelText("Any run"));
  await userEvent.type(within(dialog).getByLabelText("Any run"), `${OTHER_RUN}{Enter}`);
  await waitFor(() => expect(pages.state.location.pathname).toBe(PATH));
});
