import { screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import type { RunItem } from "@/api/types.ts";
import { open, servePages } from "@/testing/pages.tsx";
import { answer, RUN, runDetail, runPage, server, take } from "@/testing/server.ts";

servePages();

const error = { code: "WORKER_LOST", message: "the worker went away", retryable: true };
const item = (nth: number, change: Partial<RunItem>): RunItem => ({
  ...RUN,
  run_id: `01a1fd49-b5ce-721a-ac79-00000000040${nth}`,
  ...change,
});
const DEAD = item(1, { title: "Dead one", status: "failed", is_dead_letter: true, error });
const BUSY = item(2, { title: "Busy one", status: "running", attempt: 2 });
const FIRST = item(3, { title: "Urgent one", status: "queued", priority: 5 });
const NEXT = item(4, { title: "Early one", status: "queued", created_at: "2025-01-01T00:00:00Z" });
const ATTEMPT = { started_at: RUN.created_at, ended_at: RUN.created_at };

function serveOps() {
  const runs = [DEAD, BUSY, NEXT, FIRST];
  server.use(
    answer("/runs", ({ url }) => {
      const asked = new URL(url).searchParams;
      const status = asked.get("status");
      return runPage(runs.filter((run) => (status ? run.status === status : run.is_dead_letter)));
    }),
    answer("/runs/{run_id}", ({ url }) => {
      const run = runs.find(({ run_id }) => url.endsWith(run_id)) ?? DEAD;
      return runDetail({
        ...run,
        attempts: [
          { ...ATTEMPT, number: 1, worker: "first-worker", outcome: "lost", error },
          { ...ATTEMPT, number: 2, worker: "second-worker", outcome: null, error: null },
        ],
        timeline: [{ at: RUN.created_at, event: "attempt 1 lost" }],
      });
    }),
  );
}

test("a running run says who holds it and what went wrong before, and the queue is in its order", async () => {
  serveOps();
  open("/ops");
  const running = await screen.findByRole("region", { name: "Running" });
  await waitFor(() => expect(within(running).getByText("second-worker")).toBeTruthy());
  expect(within(running).getByText("WORKER_LOST: the worker went away")).toBeTruthy();
  const queue = screen.getByRole("region", { name: "Queue" });
  const rows = within(queue).getAllByRole("rowheader");
  expect(rows.map((row) => row.textContent)).toEqual(["Urgent one", "Early one"]);
});

test("a dead letter is submitted again only after somebody has said so", async () => {
  serveOps();
  const sent: string[] = [];
  server.use(
    take("/runs/{run_id}/requeue", () => {
      sent.push("requeue");
      return { run_id: BUSY.run_id };
    }),
  );
  const pages = open("/ops");
  await userEvent.click(await screen.findByRole("button", { name: "Dead one" }));
  expect(await screen.findByTestId("timeline")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Requeue" }));
  expect(sent).toEqual([]);
  const asked = await screen.findByRole("alertdialog");
  await userEvent.click(within(asked).getByRole("button", { name: "Requeue" }));
  await waitFor(() => expect(pages.state.location.search).toEqual({ run: BUSY.run_id }));
  expect(sent).toEqual(["requeue"]);
});

test("a queued run is given up with a reason", async () => {
  serveOps();
  const sent: unknown[] = [];
  server.use(
    http.post("*/api/runs/:id/abandon", async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json(runDetail({ ...FIRST, status: "failed" }));
    }),
  );
  open(`/ops?run=${FIRST.run_id}`);
  await userEvent.click(await screen.findByRole("button", { name: "Give up" }));
  const asked = await screen.findByRole("dialog");
  await userEvent.type(within(asked).getByLabelText("Reason"), "not needed");
  await userEvent.click(within(asked).getByRole("button", { name: "Give up" }));
  await waitFor(() => expect(sent).toEqual([{ reason: "not needed" }]));
});

test("where nothing waits and nothing runs, the page says what it is for", async () => {
  server.use(answer("/runs", runPage([])));
  open("/ops");
  expect(await screen.findByText("Nothing waits and nothing runs")).toBeTruthy();
});
