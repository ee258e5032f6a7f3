import { screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { framesOf } from "@/testing/forecasts.ts";
import {
  CALCUTTA,
  CALCUTTA_ITEM,
  CANDIDATE,
  COHORT,
  GAMES_RUN,
  LAB_CATALOG,
  labRun,
  leaderboardRow,
  RESOLUTION,
  SNAPSHOT,
  SYNTHETIC,
  TOURNAMENT,
} from "@/testing/lab.ts";
import { open, servePages } from "@/testing/pages.tsx";
import { answer, frames, problem, refuse, runDetail, server, take } from "@/testing/server.ts";

servePages();

const list = <T,>(items: T[]) => ({ items, next_cursor: null });

function serveCohort() {
  server.use(
    answer("/lab/models", LAB_CATALOG),
    answer("/lab/tournaments/{tournament_id}", TOURNAMENT),
    answer("/lab/calcuttas", list([CALCUTTA_ITEM])),
    answer("/lab/calcuttas/{calcutta_id}", CALCUTTA),
    answer("/lab/snapshots/{snapshot_id}", SNAPSHOT),
    answer("/lab/resolve", RESOLUTION),
    answer("/lab/runs", list([])),
    answer("/lab/candidates", list([CANDIDATE])),
    answer("/lab/candidates/{candidate_id}", CANDIDATE),
    answer("/lab/cohorts/{cohort_id}", COHORT),
    answer("/lab/synthetic-calcuttas", list([SYNTHETIC])),
    answer("/lab/synthetic-calcuttas/{synthetic_calcutta_id}", SYNTHETIC),
  );
}

test("an auction is added to a cohort with everything it is judged by named", async () => {
  serveCohort();
  const sent: unknown[] = [];
  server.use(
    take("/lab/synthetic-calcuttas", (body) => {
      sent.push(body);
      return SYNTHETIC;
    }),
  );
  open(`/lab/cohorts/${COHORT.cohort_id}`);
  await screen.findByRole("option", { name: CALCUTTA.name });
  await userEvent.selectOptions(screen.getByLabelText("Auction"), CALCUTTA.calcutta_id);
  await userEvent.selectOptions(
    await screen.findByLabelText("From which state"),
    TOURNAMENT.states[0]?.state_id ?? "",
  );
  await userEvent.selectOptions(screen.getByLabelText("Who beats whom"), GAMES_RUN.run_id);
  await userEvent.click(screen.getByRole("button", { name: "Add to the cohort" }));
  await waitFor(() =>
    expect(sent).toEqual([
      {
        cohort_id: COHORT.cohort_id,
        snapshot_id: CALCUTTA.snapshot_id,
        state_id: TOURNAMENT.states[0]?.state_id,
        game_outcome_run_id: GAMES_RUN.run_id,
      },
    ]),
  );
});

test("a candidate is attached, and the entry that stands for the auction is highlighted by version", async () => {
  serveCohort();
  const sent: unknown[] = [];
  server.use(
    take("/lab/attachments", (body) => {
      sent.push(body);
      return { ...SYNTHETIC, version: 2 };
    }),
    http.patch("*/api/lab/synthetic-calcuttas/:id", async ({ request }) => {
      sent.push([request.headers.get("if-match"), await request.json()]);
      return HttpResponse.json({ ...SYNTHETIC, version: 3 });
    }),
  );
  open(`/lab/synthetic-calcuttas/${SYNTHETIC.synthetic_calcutta_id}`);
  await screen.findByRole("option", { name: "Mine (1 team)" });
  await userEvent.selectOptions(screen.getByLabelText("Candidate"), CANDIDATE.candidate_id);
  await userEvent.click(screen.getByRole("button", { name: "Attach" }));
  await waitFor(() => expect(sent).toHaveLength(1));
  await userEvent.click(await screen.findByRole("button", { name: "Highlight Ann" }));
  await waitFor(() =>
    expect(sent).toEqual([
      {
        synthetic_calcutta_id: SYNTHETIC.synthetic_calcutta_id,
        candidate_id: CANDIDATE.candidate_id,
      },
      ['"2"', { highlighted_entry_id: SNAPSHOT.content.entries[0]?.entry_id }],
    ]),
  );
});

test("a candidate whose bids break the rules is refused with the reason", async () => {
  serveCohort();
  const why = problem(422, "BIDS_BREAK_RULES", "`a` has 60 points, more than 50");
  server.use(refuse("/lab/attachments", why));
  open(`/lab/synthetic-calcuttas/${SYNTHETIC.synthetic_calcutta_id}`);
  await screen.findByRole("option", { name: "Mine (1 team)" });
  await userEvent.selectOptions(screen.getByLabelText("Candidate"), CANDIDATE.candidate_id);
  await userEvent.click(screen.getByRole("button", { name: "Attach" }));
  expect((await screen.findByRole("alert")).textContent).toContain("more than 50");
});

test("a candidate shows its bids and the strategy they come from", async () => {
  serveCohort();
  open(`/lab/candidates/${CANDIDATE.candidate_id}`);
  const bids = await screen.findByRole("region", { name: "Bids" });
  await waitFor(() => expect(within(bids).getAllByRole("row")[1]?.textContent).toBe("1 Team A–30"));
  const link = screen.getByRole("link", { name: "Bid sheet of its strategy" });
  expect(link.getAttribute("href")).toBe(`/lab/strategies/${CANDIDATE.strategy_generation_run_id}`);
});

test("candidates are compared tournament by tournament with the one that was named first", async () => {
  serveCohort();
  const performance = (nth: number, display_name: string, value: number, standard_error: number) => ({
    candidate_id: `01a1fd49-b5ce-721a-ac79-00000000020${nth}`,
    row: leaderboardRow(`e${nth}`, { display_name, candidate_id: CANDIDATE.candidate_id }),
    difference_to_first: { value, standard_error },
  });
  server.use(
    answer("/lab/evaluations/{evaluation_run_id}", {
      run: labRun("evaluation", 50),
      result: {
        total_simulations: 1000,
        candidates: [performance(1, "Bold", 0.02, 0.001), performance(2, "Mine", 0, 0)],
      },
    }),
    answer("/runs/{run_id}", runDetail()),
    answer("/runs/{run_id}/verify", problem(503, "SHUTTING_DOWN", "going down"), 503),
    frames(
      framesOf({ kind: "final", final: { status: "completed", response_text: null } }).map((frame) =>
        JSON.stringify(frame),
      ),
    ),
  );
  open(`/lab/evaluations/${labRun("evaluation", 50).run_id}`);
  expect(await screen.findByText(/^Against Mine, .*: Bold is better by 0.0200\./)).toBeTruthy();
  const table = screen.getByRole("region", { name: "Candidates" });
  expect(within(table).getAllByRole("row")).toHaveLength(3);
});

test("an edit sends what was touched, and of a stale one it says what stands there now", async () => {
  serveCohort();
  const sent: unknown[] = [];
  const renamed = { ...COHORT, name: "Summer", version: 2 };
  server.use(
    http.patch("*/api/lab/cohorts/:id", async ({ request }) => {
      sent.push([request.headers.get("if-match"), await request.json()]);
      if (sent.length > 1) return HttpResponse.json({ ...renamed, description: "Mine", version: 3 });
      server.use(answer("/lab/cohorts/{cohort_id}", renamed));
      return HttpResponse.json(problem(412, "PRECONDITION_FAILED", "it is version 2"), { status: 412 });
    }),
  );
  open(`/lab/cohorts/${COHORT.cohort_id}`);
  await userEvent.click(await screen.findByRole("button", { name: "Edit" }));
  await userEvent.type(screen.getByLabelText("Description"), "Mine");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("Name is now “Summer”.")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Save mine over it" }));
  expect(await screen.findByRole("heading", { level: 1, name: "Summer" })).toBeTruthy();
  expect(screen.getByText(/^Mine Each auction/)).toBeTruthy();
  // What another has renamed is not named again.
  expect(sent).toEqual([
    ['"1"', { description: "Mine" }],
    ['"2"', { description: "Mine" }],
  ]);
});
