/** What a run's row tells of its course, step by step: all there is where its frames cannot be had. */
import type { RunDetail } from "@/api/types.ts";
import { words } from "@/lib/format.ts";

export interface SummaryStep {
  id: string;
  at: string;
  title: string;
  status: string;
  detail: string | null;
}

type Row = Pick<RunDetail, "attempts" | "questions" | "artifacts">;

/** Attempts, questions and artifacts, in the order of their times. */
export function summarySteps({ attempts, questions, artifacts }: Row): SummaryStep[] {
  return [
    ...attempts.map(({ number, worker, started_at, outcome, error }) => ({
      id: `attempt-${number}`,
      at: started_at,
      title: `Attempt ${number} on ${worker}`,
      status: outcome ?? "running",
      detail: error ? `${error.code}: ${error.message}` : null,
    })),
    ...questions.map(({ name, title, asked_at, decision, reason }) => ({
      id: `question-${name}`,
      at: asked_at,
      title,
      status: QUESTION[decision ?? ""] ?? "waiting_for_decision",
      detail: decision ? [words(decision), reason].filter(Boolean).join(": ") : null,
    })),
    ...artifacts.map(({ artifact_id, name, created_at }) => ({
      id: `artifact-${artifact_id}`,
      at: created_at,
      title: `Left behind: ${words(name)}`,
      status: "completed",
      detail: null,
    })),
  ].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

const QUESTION: Record<string, string> = { approved: "pass", rejected: "denied", timed_out: "warn" };
