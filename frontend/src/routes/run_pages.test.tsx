import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { framesOf } from "@/testing/forecasts.ts";
import { open, servePages } from "@/testing/pages.tsx";
import { answer, frames, problem, RUN, runDetail, runPage, server, take } from "@/testing/server.ts";

servePages();

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

test("the kinds to choose from are those that the server names", async () => {
  open("/runs");
  const kind = await screen.findByLabelText("Kind");
  await within(kind).findByRole("option", { name: "Tournament" });
  const options = within(kind).getAllByRole("option");
  expect(options.map((option) => option.textContent)).toEqual([
    "All",
    "Comparison",
    "Showcase",
    "Tournament",
  ]);
});

test("without runs the page says how to make one", async () => {
  server.use(answer("/runs", runPage([])));
  open("/runs");
  expect(await screen.findByRole("link", { name: "Run the showcase" })).toBeTruthy();
});

test("an unknown run says so", async () => {
  const unknown = problem(404, "NOT_FOUND", "no such run");
  server.use(answer("/runs/{run_id}", unknown, 404));
  open(`/runs/${RUN.run_id}`);
  expect((await screen.findAllByText("no such run")).length).toBeGreaterThan(0);
});

test("a run that has ended offers no cancel, and one that runs asks before it is cancelled", async () => {
  server.use(answer("/runs/{run_id}", runDetail()));
  open(`/runs/${RUN.run_id}`);
  await screen.findByRole("heading", { name: /seed 42/ });
  expect(screen.queryByRole("button", { name: "Cancel run" })).toBeNull();
  cleanup();
  server.use(answer("/runs/{run_id}", runDetail({ status: "running", ended_at: null })));
  open(`/runs/${RUN.run_id}`);
  await userEvent.click(await screen.findByRole("button", { name: "Cancel run" }));
  expect(await screen.findByRole("alertdialog", { name: "Cancel this run?" })).toBeTruthy();
});

test("a run that waits for a person is answered on its page", async () => {
  const question = {
    name: "promote",
    title: "Promote the champion?",
    detail: "It replaces naive.",
    asked_at: "2026-01-01T00:00:00Z",
    expires_at: null,
    decision: null,
    reason: null,
  };
  const waiting = runDetail({
    status: "waiting",
    waits_for: "decision",
    ended_at: null,
    questions: [question],
    parent_run_id: "01a1fd49-b5ce-721a-ac79-98f95931b000",
  });
  const sent: unknown[] = [];
  server.use(
    answer("/runs/{run_id}", () => (sent.length > 0 ? runDetail({ status: "running" }) : waiting)),
    take("/runs/{run_id}/decisions", (body) => {
      sent.push(body);
      return runDetail({ status: "running" });
    }),
  );
  open(`/runs/${RUN.run_id}`);
  const region = await screen.findByRole("region", { name: "Question: Promote the champion?" });
  expect(screen.getByText("Waiting for a decision")).toBeTruthy();
  expect(screen.getByRole("link", { name: "…5931b000" }).getAttribute("href")).toContain("98f95931b000");
  await userEvent.type(within(region).getByLabelText("Reason (optional)"), "it is better");
  await userEvent.click(within(region).getByRole("button", { name: "Approve" }));
  await waitFor(() =>
    expect(sent).toEqual([{ name: "promote", decision: "approved", reason: "it is better" }]),
  );
  await waitFor(() => expect(screen.queryByRole("region", { name: /^Question/ })).toBeNull());
});

test("a run leads to those it started, and the server's check is shown part by part", async () => {
  const child = { ...RUN, run_id: "01a1fd49-b5ce-721a-ac79-98f95931b111", title: "Training naive" };
  const asked: string[] = [];
  server.use(
    answer("/runs", (request) => {
      asked.push(new URL(request.url).search);
      return runPage(request.url.includes("parent_run_id") ? [child] : [RUN]);
    }),
    answer("/runs/{run_id}", runDetail({ is_dead_letter: true, status: "failed" })),
    answer("/runs/{run_id}/verify", {
      run_id: RUN.run_id,
      verified: false,
      frames: 12,
      pruned: 0,
      head: "00",
      is_closed: true,
      first_bad_seq: null,
      reason: null,
      parts: [
        { part: "frames", verified: true, checked: 12, problems: [], not_covered: ["its `priority`"] },
        { part: "artifacts", verified: false, checked: 1, problems: ["metrics.json has other bytes"] },
      ],
    }),
  );
  open(`/runs/${RUN.run_id}`);
  expect(await screen.findByRole("link", { name: "Training naive" })).toBeTruthy();
  expect(asked.some((search) => search.includes(`parent_run_id=${RUN.run_id}`))).toBe(true);
  expect(screen.getByText("Dead letter")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Check now" }));
  const check = await screen.findByTestId("server-check");
  expect(check.querySelector('[data-part="frames"]')?.textContent).toContain("12 checked");
  expect(check.querySelector('[data-part="frames"]')?.textContent).toContain("Not coveredits priority");
  expect(check.querySelector('[data-part="artifacts"]')?.textContent).toContain("other bytes");
});

test("runs that cannot be read are said, and waiting ones say for what", async () => {
  const damaged = [{ id: "01a1fd49-b5ce-721a-ac79-98f95931b222", reason: "its state is `?`" }];
  const waiting = { ...RUN, status: "waiting" as const, waits_for: "time" as const };
  server.use(answer("/runs", { ...runPage([waiting]), damaged }));
  open("/runs");
  const alert = await screen.findByRole("alert");
  for (const text of ["1 run cannot be read", "98f95931b222", "its state is"])
    expect(alert.textContent).toContain(text);
  expect(screen.getByText("Waiting for its time")).toBeTruthy();
  const options = within(screen.getByLabelText("Status")).getAllByRole("option");
  expect(options.map((option) => option.textContent)).toContain("Waiting");
});

test("what the end of a run says to programs stands below what it says to people", async () => {
  const final = {
    status: "completed",
    response_text: "naive wins.",
    structured_output: { winner: "naive" },
  } as const;
  const [end] = framesOf({ kind: "final", final });
  server.use(
    answer("/runs/{run_id}", runDetail()),
    answer("/runs/{run_id}/verify", problem(503, "SHUTTING_DOWN", "going down"), 503),
    frames([JSON.stringify(end)]),
  );
  open(`/runs/${RUN.run_id}`);
  const said = await screen.findByRole("region", { name: "What the end says to programs" });
  expect(JSON.parse(said.textContent ?? "")).toEqual({ winner: "naive" });
});

test("a run whose frames cannot be had is told by its row, which says that it is no transcript", async () => {
  const attempt = {
    number: 1,
    worker: "w1",
    started_at: "2026-01-01T00:00:00Z",
    ended_at: "2026-01-01T00:00:01Z",
    outcome: "succeeded" as const,
    error: null,
  };
  const [end] = framesOf({ kind: "final", final: { status: "completed", response_text: "naive wins." } });
  const asked: string[] = [];
  server.use(
    answer(
      "/runs/{run_id}",
      runDetail({ attempts: [attempt], ledger: { seq: 9, head: "00", is_closed: true } }),
    ),
    answer("/runs/{run_id}/verify", problem(503, "SHUTTING_DOWN", "going down"), 503),
    answer("/runs/{run_id}/replay/events", (request) => {
      asked.push(new URL(request.url).search);
      return { run_id: RUN.run_id, conversation_id: RUN.conversation_id, items: [{ ...end, event_id: 9 }] };
    }),
    answer(
      "/runs/{run_id}/replay/stream",
      problem(404, "FRAMES_PRUNED", "frames 1 to 8 were let go of"),
      404,
    ),
    frames([], 1000),
  );
  open(`/runs/${RUN.run_id}`);
  const summary = await screen.findByTestId("step-summary", {}, { timeout: 10_000 });
  expect(summary.textContent).toContain("No replay");
  expect(summary.textContent).toContain("Attempt 1 on w1");
  expect(await within(summary).findByText("naive wins.")).toBeTruthy();
  expect(asked).toEqual(["?after=8&limit=1"]);
  const hole = await screen.findByTestId("hole");
  expect(hole.textContent).toContain("let go under a retention receipt. frames 1 to 8");
  expect(screen.queryByText("FRAMES_PRUNED")).toBeNull();
  await userEvent.click(screen.getByRole("tab", { name: "Final" }));
  const final = await screen.findByTestId("final");
  expect(final.textContent).toContain("Said by frame 9");
});
