import { screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { SIMULATION_RUN } from "@/testing/lab.ts";
import { open, servePages } from "@/testing/pages.tsx";
import { answer, RUN, runDetail, server, take } from "@/testing/server.ts";

servePages();

const REMOVED = {
  receipt_id: "01a1fd49-b5ce-721a-ac79-00000000f00d",
  reason: "ended long enough ago",
  removed_at: "2026-02-01T10:00:00Z",
  artifacts: [{ name: "leaderboard", digest: "ab".repeat(32), size_bytes: 1234 }],
};

test("a run whose results retention removed says so, and is run again", async () => {
  const run = { ...SIMULATION_RUN, removed: REMOVED };
  const again = "01a1fd49-b5ce-721a-ac79-000000000777";
  const sent: string[] = [];
  server.use(
    answer("/lab/simulations/{simulation_run_id}", { run, size: { n_sims: 500 }, seed: 42, result: null }),
    answer("/lab/runs", { items: [], next_cursor: null }),
    answer("/lab/runs/{lab_run_id}", run),
    answer("/runs/{run_id}", runDetail({ ...RUN, run_id: run.run_id, kind: "simulation" })),
    take("/runs/{run_id}/requeue", () => {
      sent.push("requeue");
      return { run_id: again };
    }),
  );
  const pages = open(`/lab/simulations/${run.run_id}`);
  const shown = await screen.findByTestId("removed");
  expect(shown.textContent).toContain("The run succeeded.");
  expect(shown.textContent).toContain("ended long enough ago");
  expect(shown.textContent).toContain(REMOVED.receipt_id);
  expect(shown.textContent).not.toContain("Queued");
  expect(shown.textContent).not.toContain("Not verified");
  const table = within(shown).getByRole("region", { name: "What was removed" });
  expect(within(table).getByText("Leaderboard")).toBeTruthy();
  expect(await within(shown).findByRole("button", { name: "Execute again" })).toBeTruthy();
  await userEvent.click(within(shown).getByRole("button", { name: "Run again" }));
  await waitFor(() => expect(pages.state.location.pathname).toBe(`/lab/simulations/${again}`));
  expect(sent).toEqual(["requeue"]);
});
