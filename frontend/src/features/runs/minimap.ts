/** What a run's scrubber shows of it at a glance: its chapters, and where something went wrong. */
import type { Frame } from "@/lib/frames/types.ts";

/** A frame that a reader may want to go to. */
export interface Mark {
  seq: number;
  sort: "phase" | "attempt" | "error" | "warning" | "decision";
  label: string;
}

export function markOf(seq: number, frame: Frame): Mark | null {
  switch (frame.kind) {
    case "phase.started":
      return { seq, sort: "phase", label: frame.title ?? frame.phase };
    case "attempt.started":
      // The first one is the beginning.
      return frame.attempt > 1 ? { seq, sort: "attempt", label: `Attempt ${frame.attempt}` } : null;
    case "step.completed":
      return stepMark(seq, frame.status, frame.step, frame.detail);
    case "notice":
      return frame.level === "info" ? null : { seq, sort: frame.level, label: frame.message };
    case "approval.requested":
      return { seq, sort: "decision", label: frame.title };
    case "tool.status":
      return frame.tool.status === "failed" ? { seq, sort: "error", label: "A call failed" } : null;
    case "tool.approval":
      return frame.approved ? null : { seq, sort: "error", label: `${frame.tool_name} was denied` };
    case "error":
      return { seq, sort: "error", label: frame.error.message };
    case "final":
      return FAILED.has(frame.final.status)
        ? { seq, sort: "error", label: `It ${frame.final.status}` }
        : null;
    default:
      return null;
  }
}

const FAILED: ReadonlySet<string> = new Set(["failed", "incomplete", "cancelled"]);

function stepMark(seq: number, status: string, step: string, detail: string): Mark | null {
  if (status === "fail") return { seq, sort: "error", label: `${step}: ${detail}` };
  return status === "warn" ? { seq, sort: "warning", label: `${step}: ${detail}` } : null;
}

/** A phase, from its first frame up to the next one's. */
export interface Chapter {
  from: number;
  to: number;
  title: string;
  hasFailed: boolean;
}

/** Marks of frames that have come and are not shown yet are left out: a log grows while a page is drawn. */
export function chaptersOf(all: readonly Mark[], length: number): Chapter[] {
  const marks = all.filter(({ seq }) => seq <= length);
  const phases = marks.filter(({ sort }) => sort === "phase");
  const errors = marks.filter(({ sort }) => sort === "error");
  let next = 0;
  return phases.map(({ seq: from, label: title }, at) => {
    const to = (phases[at + 1]?.seq ?? length + 1) - 1;
    while ((errors[next]?.seq ?? Number.POSITIVE_INFINITY) < from) next += 1;
    return { from, to, title, hasFailed: (errors[next]?.seq ?? Number.POSITIVE_INFINITY) <= to };
  });
}

/** The chapter a frame is in. */
export function chapterAt(chapters: readonly Chapter[], seq: number): Chapter | null {
  return chapters.findLast(({ from }) => from <= seq) ?? null;
}

/** The next mark of a sort after a frame, or the last one before it. */
export function markBeside(
  marks: readonly Mark[],
  sort: Mark["sort"],
  seq: number,
  by: 1 | -1,
): number | null {
  const of = marks.filter((mark) => mark.sort === sort);
  const found = by === 1 ? of.find((mark) => mark.seq > seq) : of.findLast((mark) => mark.seq < seq);
  return found?.seq ?? null;
}

/** At most so many marks are drawn: more would be one line. The gravest of those that share a place stays. */
const PLACES = 400;

const GRAVITY: Record<Mark["sort"], number> = { error: 4, decision: 3, warning: 2, attempt: 1, phase: 0 };

export function drawnMarks(marks: readonly Mark[], length: number): Mark[] {
  const byPlace = new Map<number, Mark>();
  for (const mark of marks) {
    if (mark.sort === "phase" || mark.seq > length) continue;
    const place = Math.round((mark.seq / Math.max(1, length)) * PLACES);
    const there = byPlace.get(place);
    if (!there || GRAVITY[mark.sort] > GRAVITY[there.sort]) byPlace.set(place, mark);
  }
  return [...byPlace.values()];
}
