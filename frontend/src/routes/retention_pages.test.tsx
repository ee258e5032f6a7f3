import { screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { Retention, RetentionRequest } from "@/api/types.ts";
import { open, servePages } from "@/testing/pages.tsx";
import { answer, problem, RUN, refuse, server, take } from "@/testing/server.ts";

servePages();

const GOING = {
  run_id: RUN.run_id,
  kind: "simulation",
  title: "Simulate the pool",
  ended_at: RUN.created_at,
  artifacts: 12,
  artifact_bytes: 34_000,
  frames: 40,
};
const STAYING = {
  run_id: "01a1fd49-b5ce-721a-ac79-000000000409",
  kind: "game_outcome",
  title: "Game outcomes",
  ended_at: RUN.created_at,
  reason: "is an input of run 7",
};

function found(request: RetentionRequest, going: boolean): Retention {
  const receipt_id = request.apply ? "01a1fd49-b5ce-721a-ac79-00000000f00d" : null;
  return {
    is_applied: request.apply ?? false,
    ended_before: RUN.created_at,
    going: going ? [{ ...GOING, receipt_id }] : [],
    staying: [STAYING],
    is_cut: false,
    objects: 3,
    object_bytes: 30_000,
    objects_left: 0,
    shard_results: 0,
    shard_result_bytes: 0,
  };
}

function serveRetention(going = true) {
  const sent: RetentionRequest[] = [];
  server.use(
    answer("/run-kinds", { kinds: ["game_outcome", "simulation"] }),
    take("/runs/retention", (body) => {
      sent.push(body as RetentionRequest);
      return found(body as RetentionRequest, going);
    }),
  );
  return sent;
}

test("what would go is seen first, and goes only after somebody has said so", async () => {
  const sent = serveRetention();
  open("/ops/retention");
  const days = await screen.findByLabelText(/days ago/);
  await userEvent.clear(days);
  await userEvent.type(days, "7");
  await userEvent.type(screen.getByLabelText("Reason"), "spring clean");
  await userEvent.click(screen.getByRole("button", { name: "Show what would go" }));
  const would = await screen.findByRole("region", { name: "What would go" });
  expect(within(would).getByText("Simulate the pool")).toBeTruthy();
  const stays = screen.getByRole("region", { name: "What stays, and why" });
  expect(within(stays).getByText("is an input of run 7")).toBeTruthy();
  const request = { older_than_days: 7, keep: 0, reason: "spring clean" };
  expect(sent).toEqual([request]);
  await userEvent.click(screen.getByRole("button", { name: "Remove it" }));
  const asked = await screen.findByRole("alertdialog");
  expect(asked.textContent).toContain("12 artifacts of 1 run (34.0 kB) go.");
  expect(sent.length).toBe(1);
  await userEvent.click(within(asked).getByRole("button", { name: "Remove it" }));
  const went = await screen.findByRole("region", { name: "What went" });
  expect(within(went).getByText("01a1fd49-b5ce-721a-ac79-00000000f00d")).toBeTruthy();
  expect(sent).toEqual([request, { ...request, apply: true }]);
  expect(screen.queryByRole("button", { name: "Remove it" })).toBeNull();
});

test("another question takes back what was found, and where nothing goes there is nothing to do", async () => {
  serveRetention(false);
  open("/ops/retention");
  await userEvent.click(await screen.findByRole("button", { name: "Show what would go" }));
  await screen.findByRole("region", { name: "What stays, and why" });
  expect(screen.queryByRole("button", { name: "Remove it" })).toBeNull();
  await userEvent.type(screen.getByLabelText("Keep of each kind"), "1");
  await waitFor(() => expect(screen.queryByRole("region", { name: "What stays, and why" })).toBeNull());
});

test("a refusal stands at its field", async () => {
  serveRetention();
  const errors = [{ field: "older_than_days", message: "may be 36500 at most" }];
  server.use(refuse("/runs/retention", problem(422, "VALIDATION_ERROR", "the request is not valid", errors)));
  open("/ops/retention");
  await userEvent.click(await screen.findByRole("button", { name: "Show what would go" }));
  expect(await screen.findByText("may be 36500 at most")).toBeTruthy();
});
