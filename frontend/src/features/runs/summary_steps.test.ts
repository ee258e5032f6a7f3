import { expect, test } from "vitest";
import { runDetail } from "@/testing/server.ts";
import { summarySteps } from "./summary_steps.ts";

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, "0")}Z`;

test("a row tells attempts, questions and artifacts in the order of their times", () => {
  const run = runDetail({
    attempts: [
      {
        number: 1,
        worker: "w1",
        started_at: at(1),
        ended_at: at(2),
        outcome: "retried",
        error: { code: "LEASE_LOST", message: "the worker stopped answering" },
      },
      { number: 2, worker: "w2", started_at: at(5), ended_at: at(9), outcome: "succeeded", error: null },
    ],
    questions: [
      {
        name: "promote",
        title: "Promote it?",
        detail: null,
        asked_at: at(3),
        expires_at: null,
        decision: "rejected",
        reason: "too early",
      },
    ],
  });
  expect(summarySteps(run).map(({ id, status, detail }) => [id, status, detail])).toEqual([
    ["attempt-1", "retried", "LEASE_LOST: the worker stopped answering"],
    ["question-promote", "denied", "Rejected: too early"],
    ["attempt-2", "succeeded", null],
  ]);
});
