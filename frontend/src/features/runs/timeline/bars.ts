/** What happened to a run as bars over time: how long it queued, its attempts, phases, steps, calls and the runs it started. */
import type { RunDetail, RunItem } from "@/api/types.ts";
import type { Phase, Section, TranscriptState } from "@/lib/frames/state.ts";
import { cardBlock } from "../transcript/card_block.ts";
import { NOTHING_KNOWN } from "../transcript/known.ts";
import { speakerOf } from "../transcript/speaker.ts";
import { shownStatus } from "../transcript/tool_status.ts";
import { type PhaseView, phaseStatus, phasesOf } from "../view.ts";

export type BarSort = "queue" | "attempt" | "wait" | "phase" | "step" | "call" | "run";

export interface Bar {
  id: string;
  sort: BarSort;
  label: string;
  /** How far it stands below what it belongs to. */
  depth: number;
  fromMs: number;
  toMs: number;
  /** It goes on at the moment that is shown. */
  isOpen: boolean;
  status: string;
  /** The run that it is, if it is one. */
  runId: string | null;
}

interface Told {
  transcript: TranscriptState;
  run: Pick<RunDetail, "created_at" | "started_at" | "ended_at" | "attempts">;
  children: readonly Pick<
    RunItem,
    "run_id" | "title" | "status" | "created_at" | "started_at" | "ended_at"
  >[];
  /** When a frame was sent. */
  sentAt: (eventId: number) => number;
  /** The moment that is shown: nothing after it has happened. */
  nowMs: number;
}

export function barsOf(told: Told): Bar[] {
  const bars = [...queueBars(told), ...attemptBars(told), ...sectionBars(told), ...childBars(told)];
  return bars.filter(({ fromMs }) => fromMs <= told.nowMs).map((bar) => clipped(bar, told.nowMs));
}

function clipped(bar: Bar, nowMs: number): Bar {
  const isOpen = bar.toMs > nowMs;
  const toMs = Math.max(bar.fromMs, Math.min(bar.toMs, nowMs));
  return { ...bar, toMs, isOpen, status: isOpen && bar.sort !== "queue" ? "running" : bar.status };
}

/** What has no end yet ends after every moment. */
const OPEN = Number.POSITIVE_INFINITY;

function ms(at: string | null | undefined): number | null {
  const parsed = at ? Date.parse(at) : Number.NaN;
  return Number.isNaN(parsed) ? null : parsed;
}

function bar(sort: BarSort, id: string, label: string, facts: Partial<Bar> & { fromMs: number }): Bar {
  return { sort, id, label, depth: 0, toMs: OPEN, isOpen: false, status: "pending", runId: null, ...facts };
}

/** Queue time is no work, and neither is what passes between two attempts. */
function queueBars({ run }: Told): Bar[] {
  const fromMs = ms(run.created_at);
  if (fromMs === null) return [];
  const first = ms(run.attempts[0]?.started_at ?? run.started_at);
  const queued = bar("queue", "queue", "In the queue", { fromMs, toMs: first ?? ms(run.ended_at) ?? OPEN });
  const waits = run.attempts.flatMap((attempt, at) => {
    const [from, next] = [ms(attempt.ended_at), run.attempts[at + 1]];
    const toMs = ms(next?.started_at);
    if (from === null || toMs === null) return [];
    return [bar("wait", `wait-${attempt.number}`, "Between attempts", { fromMs: from, toMs })];
  });
  return [queued, ...waits];
}

function attemptBars(told: Told): Bar[] {
  const { run, transcript } = told;
  const { terminal } = transcript;
  const attempts = attemptsOf(told);
  if (attempts.length === 0) return phaseBars(transcript, 1, ms(terminal?.at) ?? OPEN);
  return attempts.flatMap(({ number, worker, from, to, outcome }) => {
    const label = `Attempt ${number} on ${worker}`;
    const facts = { fromMs: from, toMs: to, status: outcome ?? "running" };
    const isLast = number === run.attempts.at(-1)?.number;
    const end = isLast ? Math.min(to, ms(terminal?.at) ?? OPEN) : to;
    return [bar("attempt", `attempt-${number}`, label, facts), ...phaseBars(transcript, number, end)];
  });
}

interface AttemptTime {
  number: number;
  worker: string;
  from: number;
  to: number;
  outcome: string | null;
}

/** The row knows when attempts end; of a run without a row, the frames know when they began. */
function attemptsOf({ run, transcript }: Told): AttemptTime[] {
  if (run.attempts.length > 0) {
    return run.attempts.flatMap(({ number, worker, started_at, ended_at, outcome }) => {
      const from = ms(started_at);
      return from === null
        ? []
        : [{ number, worker, from, to: ms(ended_at) ?? OPEN, outcome: outcome ?? null }];
    });
  }
  return transcript.attempts.flatMap(({ attempt: number, worker, started_at }, at) => {
    const from = ms(started_at);
    const to = ms(transcript.attempts[at + 1]?.started_at) ?? ms(transcript.terminal?.at) ?? OPEN;
    return from === null ? [] : [{ number, worker, from, to, outcome: null }];
  });
}

function phaseBars(transcript: TranscriptState, attempt: number, endMs: number): Bar[] {
  const views = phasesOf(transcript);
  const phases = transcript.phases
    .map((phase, at) => ({ phase, view: views[at] }))
    .filter(({ phase }) => (phase.attempt ?? 1) === attempt && ms(phase.started_at) !== null);
  return phases.flatMap(({ phase, view }, at) => {
    const toMs = ms(phases[at + 1]?.phase.started_at) ?? endMs;
    return view ? onePhase(phase, view, toMs, transcript.terminal !== null) : [];
  });
}

function onePhase(phase: Phase, view: PhaseView, toMs: number, hasEnded: boolean): Bar[] {
  const id = `phase-${phase.attempt ?? 1}-${phase.phase}-${phase.phase_index ?? 0}`;
  const facts = { fromMs: ms(phase.started_at) ?? 0, toMs, depth: 1, status: phaseStatus(view, hasEnded) };
  const steps = phase.steps.flatMap((step) => {
    const ended = ms(step.completed_at);
    const from = ms(step.started_at) ?? (ended === null ? null : ended - (step.duration_ms ?? 0));
    if (from === null) return [];
    const status = ended === null && hasEnded ? "cancelled" : step.status;
    const stepFacts = { fromMs: from, toMs: ended ?? toMs, depth: 2, status };
    return [bar("step", `${id}-${step.step_index}`, step.step, stepFacts)];
  });
  return [bar("phase", id, phase.title ?? phase.phase, facts), ...steps];
}

/** Responses of agents with their calls; a response that is one call alone is that call. */
function sectionBars(told: Told): Bar[] {
  const { header, sections } = told.transcript;
  return [header, ...sections].flatMap((section) => {
    const calls = callBars(section, told, 1);
    const speaker = section === header ? null : speakerOf(section);
    const isMore = section.items.length !== section.tools.length || section.tools.length === 0;
    if (!speaker || !isMore || section.first_event_id === null) return calls;
    const [fromMs, toMs] = [section.first_event_id, section.last_event_id ?? 0].map(told.sentAt);
    const facts = {
      fromMs: fromMs ?? 0,
      toMs: toMs ?? OPEN,
      status: section.lifecycle?.status ?? "completed",
    };
    return [bar("step", speaker.id, speaker.label, facts), ...calls];
  });
}

function callBars(section: Section, told: Told, depth: number): Bar[] {
  const { terminal } = told.transcript;
  return section.tools.flatMap((card) => {
    const { id, name, toolType, status } = cardBlock(card, section, NOTHING_KNOWN);
    const fromMs = ms(card.started_at) ?? told.sentAt(card.first_event_id);
    const toMs = ms(card.ended_at) ?? ms(terminal?.at) ?? OPEN;
    const facts = { fromMs, toMs, depth, status: shownStatus({ status }, terminal !== null) };
    const nested = card.nested ? callBars(card.nested, told, depth + 1) : [];
    return [bar("call", `call-${id}-${card.first_event_id}`, name ?? toolType, facts), ...nested];
  });
}

function childBars({ children }: Told): Bar[] {
  return children.map(({ run_id: runId, title, status, created_at, started_at, ended_at }) =>
    bar("run", `run-${runId}`, title, {
      fromMs: ms(started_at) ?? ms(created_at) ?? 0,
      toMs: ms(ended_at) ?? OPEN,
      status,
      runId,
    }),
  );
}
