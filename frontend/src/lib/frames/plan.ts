/** Attempts, phases with their progress, and steps. A new attempt begins its phases anew; the old ones stay visible. */
import type { Cow } from "./cow.ts";
import type { Stamp } from "./place.ts";
import type { Phase, Step, TranscriptState } from "./state.ts";
import type { AttemptStarted, PhaseStarted, Progress, StepCompleted, StepStarted } from "./types.ts";

export type PlanBody = AttemptStarted | PhaseStarted | StepStarted | StepCompleted | Progress;

/** Finds the phases of the current attempt by name. It can be made again from the transcript. */
export class Plan {
  readonly #byName = new Map<string, number>();

  constructor({ attempts, phases }: TranscriptState) {
    const attempt = attempts.at(-1)?.attempt ?? null;
    phases.forEach((phase, at) => {
      if (phase.attempt === attempt) this.#byName.set(phase.phase, at);
    });
  }

  apply(cow: Cow, state: TranscriptState, body: PlanBody, { at }: Stamp): void {
    switch (body.kind) {
      case "attempt.started":
        cow.own(state, "attempts").push({ attempt: body.attempt, worker: body.worker, started_at: at });
        this.#byName.clear();
        return;
      case "phase.started":
        Object.assign(this.#placed(cow, state, body), { title: body.title ?? null, started_at: at });
        return;
      case "step.started":
        cow.own(this.#placed(cow, state, body), "steps").push(cow.adopt(newStep(body, at)));
        return;
      case "step.completed":
        complete(cow, this.#placed(cow, state, body), body, at);
        return;
      case "progress": {
        const { fraction, done, total, message } = body;
        this.#phase(cow, state, body.phase).progress = {
          fraction,
          done: done ?? null,
          total: total ?? null,
          message: message ?? null,
          at,
        };
      }
    }
  }

  #placed(cow: Cow, state: TranscriptState, body: PhaseStarted | StepStarted | StepCompleted): Phase {
    const phase = this.#phase(cow, state, body.phase);
    phase.phase_index = body.phase_index;
    phase.phase_total = body.phase_total;
    return phase;
  }

  #phase(cow: Cow, state: TranscriptState, name: string): Phase {
    const phases = cow.own(state, "phases");
    const attempt = state.attempts.at(-1)?.attempt ?? null;
    const at = this.#byName.get(name) ?? phases.push(cow.adopt(newPhase(name, attempt))) - 1;
    this.#byName.set(name, at);
    return cow.at(phases, at);
  }
}

/** Updates the step, looked for from the end: what ends began last. A step that never began is shown as well. */
function complete(cow: Cow, phase: Phase, body: StepCompleted, at: string): void {
  const steps = cow.own(phase, "steps");
  const isIt = (step: Step) => step.step_index === body.step_index && step.step === body.step;
  const found = steps.findLastIndex(isIt);
  const step = cow.at(steps, found >= 0 ? found : steps.push(cow.adopt(newStep(body, null))) - 1);
  step.status = body.status;
  step.detail = body.detail;
  step.duration_ms = body.duration_ms;
  step.data = body.data;
  step.completed_at = body.status === "running" ? null : at;
}

function newStep(
  { step, step_index, step_total }: StepStarted | StepCompleted,
  started_at: string | null,
): Step {
  return {
    step,
    step_index,
    step_total,
    status: "running",
    detail: "",
    duration_ms: null,
    data: {},
    started_at,
    completed_at: null,
  };
}

function newPhase(phase: string, attempt: number | null): Phase {
  return {
    phase,
    attempt,
    phase_index: null,
    phase_total: null,
    title: null,
    started_at: null,
    progress: null,
    steps: [],
  };
}
