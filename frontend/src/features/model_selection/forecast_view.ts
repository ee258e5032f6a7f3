/** How a forecast stands at one moment, read from its transcript: the same live and replayed. */
import type { TranscriptView } from "@/features/runs/view.ts";

export interface Stage {
  phase: string;
  title: string;
  status: "pending" | "running" | "completed";
  /** Pieces of work, where the stage counts them and has said so. */
  progress: { fraction: number; done: number; total: number } | null;
}

/** In the order in which they come. */
const STAGES = [
  { phase: "race", title: "Try each candidate on the folds of every series" },
  { phase: "conclude", title: "Weigh them for each series, and write down what comes next" },
];

export function stagesOf({ phases }: TranscriptView): Stage[] {
  // A stage has ended when a later one has begun. Of another attempt, the last one counts.
  const reached = STAGES.findLastIndex(({ phase }) => phases.some((each) => each.phase === phase));
  return STAGES.map(({ phase, title }, at) => {
    const said = phases.findLast((each) => each.phase === phase)?.progress;
    return {
      phase,
      title,
      status: at < reached ? "completed" : at === reached ? "running" : "pending",
      progress:
        said?.done != null && said.total != null
          ? { fraction: said.fraction, done: said.done, total: said.total }
          : null,
    };
  });
}

/** What was chosen where nobody had chosen. A second attempt says it again. */
export function assumedOf({ notices }: TranscriptView): string[] {
  return [...new Set(notices.filter(({ code }) => code === "ASSUMED").map(({ message }) => message))];
}
