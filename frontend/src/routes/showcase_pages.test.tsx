import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { open, servePages } from "@/testing/pages.tsx";
import { answer, frames, problem, RUN, runDetail, runPage, server, take, world } from "@/testing/server.ts";

servePages();

test("the showcase says what it will do, and what to expect of a preset", async () => {
  open("/showcase");
  expect(await screen.findByText("3 steps in 2 phases", { exact: false })).toBeTruthy();
  expect(screen.getByText("Ask the server whether it is well.")).toBeTruthy();
  expect(screen.getByText(/may end red/)).toBeTruthy();
  expect(screen.getByRole("radio", { name: "Minimal" }).getAttribute("aria-checked")).toBe("true");
});

test("a showcase that was accepted is in the address, and is followed and stopped from there", async () => {
  const sent: unknown[] = [];
  server.use(
    take("/demo/runs", (body) => {
      sent.push(body);
      return { run_id: RUN.run_id, selection_id: RUN.run_id, status: "queued" };
    }),
    answer("/runs/{run_id}", runDetail({ status: "running", ended_at: null })),
    // What keeps the frames from coming, a browser learns over HTTP only.
    frames([], 1006),
    answer("/runs/{run_id}/replay/stream", problem(503, "SHUTTING_DOWN", "going down"), 503),
  );
  const pages = open("/showcase");
  await screen.findByRole("radio", { name: "Minimal" });
  await userEvent.click(screen.getByRole("button", { name: "Run showcase" }));
  await waitFor(() => expect(pages.state.location.search).toMatchObject({ run: RUN.run_id, seed: 42 }));
  expect(sent).toEqual([{ scenario: "demo_minimal", seed: 42, reset: false, skip_seed: false }]);
  expect(await screen.findByRole("button", { name: "Cancel run" })).toBeTruthy();
  expect((await screen.findByTestId("stream-note")).textContent).toContain("Asking again");
});

test("each showcase that was started is a place to go back to", async () => {
  const ids = [RUN.run_id, "01a1fd49-b5ce-721a-ac79-98f95931b333"];
  const started: string[] = [];
  server.use(
    take("/demo/runs", () => {
      const run_id = ids[started.length] ?? "";
      started.push(run_id);
      return { run_id, selection_id: run_id, status: "queued" };
    }),
    answer("/runs/{run_id}", (request) =>
      runDetail({ run_id: new URL(request.url).pathname.split("/").at(-1) ?? "" }),
    ),
  );
  const pages = open("/showcase");
  const shown = () => new URLSearchParams(pages.history.location.search).get("run");
  for (const id of ids) {
    await userEvent.click(await screen.findByRole("button", { name: "Run showcase" }));
    await waitFor(() => expect(shown()).toBe(id));
    await waitFor(() =>
      expect(screen.getByRole("button", { name: "Run showcase" }).hasAttribute("disabled")).toBe(false),
    );
  }
  pages.history.back();
  await waitFor(() => expect(shown()).toBe(ids[0]));
  pages.history.back();
  expect(await screen.findByText("The last one:")).toBeTruthy();
  expect([pages.history.location.pathname, shown()]).toEqual(["/showcase", null]);
});

test("coming back while a showcase runs leads to it", async () => {
  const waiting = { ...RUN, status: "waiting" as const, waits_for: "children" as const, ended_at: null };
  server.use(answer("/runs", runPage([waiting])), answer("/runs/{run_id}", runDetail(waiting)));
  const pages = open("/showcase");
  await waitFor(() => expect(pages.state.location.search).toMatchObject({ run: RUN.run_id }));
  expect(await screen.findByText("Waiting for its runs")).toBeTruthy();
});

test("deleting the stored worlds is asked for once more", async () => {
  const sent: unknown[] = [];
  server.use(
    answer("/worlds", { items: [world(1, "One"), world(2, "Two")], next_cursor: null }),
    take(
      "/demo/runs",
      (body) => {
        sent.push(body);
        return problem(422, "VALIDATION_ERROR", "no");
      },
      422,
    ),
  );
  open("/showcase");
  await userEvent.click(await screen.findByRole("checkbox", { name: "Delete all stored worlds first" }));
  await userEvent.click(screen.getByRole("button", { name: "Run showcase" }));
  const dialog = await screen.findByRole("alertdialog", { name: "Delete all stored worlds?" });
  expect(dialog.textContent).toContain("2 stored worlds");
  expect(sent).toEqual([]);
  await userEvent.click(within(dialog).getByRole("button", { name: "Delete and run" }));
  await waitFor(() => expect(sent).toEqual([expect.objectContaining({ reset: true, skip_seed: false })]));
});

test("a stored world is chosen by its title, and brings its scenario", async () => {
  const sent: unknown[] = [];
  server.use(
    answer("/worlds", { items: [world(1, "One"), world(2, "Two")], next_cursor: null }),
    take(
      "/demo/runs",
      (body) => {
        sent.push(body);
        return problem(409, "RUN_ALREADY_ACTIVE", `run ${RUN.run_id} is still active`);
      },
      409,
    ),
  );
  open("/showcase");
  await userEvent.click(await screen.findByRole("button", { name: "Use a stored world" }));
  const select = await screen.findByLabelText("World");
  expect(screen.getByRole("button", { name: "Run showcase" }).hasAttribute("disabled")).toBe(true);
  await userEvent.selectOptions(select, "Two");
  await waitFor(() =>
    expect(screen.getByRole("radio", { name: "Sparse" }).getAttribute("aria-checked")).toBe("true"),
  );
  await userEvent.click(screen.getByRole("button", { name: "Run showcase" }));
  const link = await screen.findByRole("link", { name: "Show the showcase that runs" });
  expect(link.getAttribute("href")).toContain(RUN.run_id);
  expect(sent).toEqual([
    { scenario: "sparse", seed: 42, reset: false, skip_seed: true, world_id: world(2, "Two").world_id },
  ]);
});

test("a seed that this page cannot send is refused with its bound, and one that it cannot hold is not shown wrong", async () => {
  server.use(
    answer("/runs/{run_id}", runDetail({ seed: 2 ** 63 - 1, title: "Showcase · seed 9223372036854775807" })),
  );
  open(`/showcase?run=${RUN.run_id}`);
  expect(await screen.findByRole("heading", { name: "Showcase · seed 9223372036854775807" })).toBeTruthy();
  const seed = await screen.findByLabelText("Seed");
  await userEvent.clear(seed);
  await userEvent.type(seed, "9007199254740992");
  expect(screen.getByText(/^A whole number from 0 to 9,007,199,254,740,991; larger/)).toBeTruthy();
  cleanup();
  open(`/runs/${RUN.run_id}`);
  expect(await screen.findByText("about 9.22e18")).toBeTruthy();
});

test("a seed that is no whole number keeps the showcase from starting", async () => {
  open("/showcase");
  const seed = await screen.findByLabelText("Seed");
  await userEvent.clear(seed);
  expect(screen.getByRole("button", { name: "Run showcase" }).hasAttribute("disabled")).toBe(true);
  expect(seed.getAttribute("aria-invalid")).toBe("true");
});
