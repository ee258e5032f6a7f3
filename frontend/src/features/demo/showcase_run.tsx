import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { ArrowRight } from "lucide-react";
import { useEffect, useRef } from "react";
import type { RunDetail, Scenario } from "@/api/types.ts";
import { isSettled } from "@/features/runs/queries.ts";
import { RunStatusBadge } from "@/features/runs/run_status.tsx";
import { StreamNote } from "@/features/runs/stream_note.tsx";
import { Transcript } from "@/features/runs/transcript_view.tsx";
import { useRefetchAtEnd, useRunLog } from "@/features/runs/use_run.ts";
import { useProof, VerifiedBadge } from "@/features/runs/verified_badge.tsx";
import type { TranscriptView } from "@/features/runs/view.ts";
import { announce } from "@/lib/announce.ts";
import { count, duration, MISSING, percent, quantity } from "@/lib/format.ts";
import { useNow } from "@/lib/now.ts";
import { buttonClass } from "@/ui/button.tsx";
import { useModelName } from "@/ui/model_name.tsx";
import { Loading, ProgressBar, Stat, StatStrip } from "@/ui/panel.tsx";
import { kpis, type Outcome, outcomeOf, stepsOf, tally } from "./pipeline.ts";
import { Plan } from "./plan.tsx";

interface Props {
  runId: string;
  run: RunDetail | null;
  title: string;
  plan: Scenario["plan"] | null;
}

/** One showcase, live or recorded: its frames tell everything, so that a reload or a second page shows the same. */
export function ShowcaseRun({ runId, run, title, plan }: Props) {
  const { log, state } = useRunLog(runId);
  const proof = useProof(log, state);
  useRefetchAtEnd(runId, state);
  const view = log.viewAt(state.length);
  const outcome = outcomeOf(view);
  const hasEnded = outcome !== null;
  useAnnouncedEnd(run !== null && !isSettled(run.status), outcome);
  const steps = stepsOf(view);
  const total = steps.at(0)?.total ?? plan?.reduce((sum, phase) => sum + phase.steps.length, 0) ?? null;
  return (
    // Not a grid: what sticks must be able to leave its row.
    <div className="flex flex-col gap-4" data-testid="live">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h2 className="text-lg font-semibold min-w-0 break-words">{title}</h2>
        {run ? <RunStatusBadge run={run} /> : null}
        <VerifiedBadge proof={proof} />
        {hasEnded ? null : <RunLink runId={runId} label="Open with playback" />}
      </div>
      <StreamNote state={state} />
      {outcome ? <Banner outcome={outcome} runId={runId} /> : null}
      {hasEnded || state.stream.phase === "broken" ? null : (
        <ProgressBar
          fraction={total && steps.length > 0 ? tally(steps).ended / total : null}
          label="Progress of the showcase"
        />
      )}
      {steps.length > 0 ? <Kpis view={view} total={total} outcome={outcome} /> : null}
      <Body view={view} hasEnded={hasEnded} plan={plan} isBroken={state.stream.phase === "broken"} />
    </div>
  );
}

/** The transcript but for its end, which the banner says; the plan while nothing has begun. */
function Body(props: {
  view: TranscriptView;
  hasEnded: boolean;
  plan: Scenario["plan"] | null;
  isBroken: boolean;
}) {
  const { view, hasEnded, plan, isBroken } = props;
  if (view.phases.length > 0 || hasEnded) {
    return <Transcript transcript={{ ...view, terminal: null }} hasEnded={hasEnded} />;
  }
  if (isBroken) return null;
  return plan ? <Plan plan={plan} /> : <Loading label="Loading the showcase" />;
}

/** Says the end aloud, if this page saw it run; the end of a recorded one is no news. */
function useAnnouncedEnd(isLive: boolean, outcome: Outcome | null): void {
  const wasLive = useRef(false);
  wasLive.current ||= isLive;
  const status = outcome?.status;
  useEffect(() => {
    if (status && wasLive.current) announce(`Showcase ended: ${status}`);
  }, [status]);
}

function Kpis(props: { view: TranscriptView; total: number | null; outcome: Outcome | null }) {
  const { view, total, outcome } = props;
  const steps = stepsOf(view);
  const { ended, passed, skipped } = tally(steps);
  const { sales, isStored, trained, isVerified } = kpis(view);
  const isSeedSkipped = steps.some((step) => step.step === "seed" && step.status === "skip");
  return (
    <StatStrip>
      <Stat
        label="Steps"
        value={`${ended} / ${total ?? MISSING}`}
        note={`${passed} passed · ${skipped} skipped`}
      />
      <Stat
        label="Sales rows"
        value={count(sales)}
        note={
          isSeedSkipped
            ? "of a stored world"
            : isStored
              ? "generated before, from this seed"
              : "written by the generator"
        }
      />
      <Stat
        label="Models"
        value={count(trained)}
        note={isVerified ? "champion's artifact verified" : "trained on the same window"}
      />
      <Stat
        label="Wall clock"
        value={outcome ? duration(outcome.wallClockMs) : <Elapsed since={view.openedAt} />}
        note={outcome ? "from the first frame to the last" : "so far"}
      />
    </StatStrip>
  );
}

function Elapsed({ since }: { since: string | null }) {
  const now = useNow();
  if (!since) return MISSING;
  const seconds = Math.max(0, Math.round((now - Date.parse(since)) / 1000));
  return seconds < 60 ? `${seconds} s` : duration(seconds * 1000);
}

/** In sight however far the steps have been scrolled: it is what they were run for. */
function Banner({ outcome, runId }: { outcome: Outcome; runId: string }) {
  const nameOf = useModelName();
  const { status, winner } = outcome;
  return (
    <div
      data-testid="summary"
      data-status={status}
      className={clsx(
        "sticky top-12 md:top-0 z-10 rounded-lg border border-line px-4 py-3 flex flex-wrap items-center gap-x-4 gap-y-2",
        WASHES[status],
      )}
    >
      <div className="min-w-0 grid gap-0.5">
        <p className={clsx("font-semibold", INKS[status])}>
          {status === "passed" && winner
            ? `${nameOf(winner)} wins with ${measured(outcome)}`
            : HEADLINES[status]}
        </p>
        <p className="text-sm text-ink-2 break-words">
          {status === "passed"
            ? "All steps passed"
            : (outcome.detail ?? "What had finished keeps its effect")}{" "}
          · <span className="num">{duration(outcome.wallClockMs)} wall clock</span>
        </p>
      </div>
      <RunLink runId={runId} label="Open the recorded run" />
    </div>
  );
}

function RunLink({ runId, label }: { runId: string; label: string }) {
  return (
    <Link to="/runs/$runId" params={{ runId }} className={clsx(buttonClass("plain", "sm"), "ml-auto")}>
      {label} <ArrowRight aria-hidden />
    </Link>
  );
}

/** Metrics in percent carry it, the others are in the unit of the data. */
function measured({ metric, value }: Outcome): string {
  const figure = metric === "wape" || metric === "smape" ? percent(value) : quantity(value);
  return `${METRICS[metric] ?? `a ${metric}`} of ${figure}`;
}

const METRICS: Record<string, string> = {
  wape: "a WAPE",
  smape: "an sMAPE",
  mae: "an MAE",
  rmse: "an RMSE",
  bias: "a bias",
};
const HEADLINES = {
  passed: "The showcase passed",
  failed: "The showcase failed",
  stopped: "The showcase was stopped",
};
const WASHES = { passed: "bg-pass-wash", failed: "bg-fail-wash", stopped: "bg-sunken" };
const INKS = { passed: "text-pass", failed: "text-fail", stopped: "text-ink" };
