import clsx from "clsx";
import type { RunDetail, Scenario } from "@/api/types.ts";
import { usePlayback } from "@/features/runs/playback.ts";
import { RecordLink } from "@/features/runs/record_link.tsx";
import { RunFrame } from "@/features/runs/run_frame.tsx";
import { tookMs } from "@/features/runs/took.ts";
import { Transcript } from "@/features/runs/transcript_view.tsx";
import type { TranscriptView } from "@/features/runs/view.ts";
import { count, duration, MISSING, measured } from "@/lib/format.ts";
import { useModelName } from "@/ui/model_name.tsx";
import { Loading, ProgressBar, Stat, StatStrip } from "@/ui/panel.tsx";
import { kpis, type Outcome, outcomeOf, stepsOf, tally } from "./pipeline.ts";
import { Plan } from "./plan.tsx";

interface Props {
  runId: string;
  run: RunDetail | null;
  title: string;
  plan: Scenario["plan"] | null;
  /** A deep link to one moment. */
  seq: number | null;
  onSeq: (seq: number | undefined) => void;
}

/** One showcase, live or recorded: its frames tell everything, so that a reload or a second page shows the same. */
export function ShowcaseRun({ runId, run, title, plan, seq, onSeq }: Props) {
  const playback = usePlayback(runId, seq, onSeq);
  const { view, state } = playback;
  const outcome = outcomeOf(view);
  const steps = stepsOf(view);
  const total = steps.at(0)?.total ?? plan?.reduce((sum, phase) => sum + phase.steps.length, 0) ?? null;
  const took = duration(tookMs(run, playback));
  const isBroken = state.stream.phase === "broken";
  return (
    <RunFrame playback={playback} run={run} title={title} level="h2" actions={<RecordLink runId={runId} />}>
      {outcome ? <Banner outcome={outcome} took={took} /> : null}
      {outcome || isBroken ? null : (
        <ProgressBar
          fraction={total && steps.length > 0 ? tally(steps).ended / total : null}
          label="Progress of the showcase"
        />
      )}
      {steps.length > 0 ? <Kpis view={view} total={total} took={took} /> : null}
      <Body view={view} plan={plan} isBroken={isBroken} />
    </RunFrame>
  );
}

/** The plan while nothing has begun. The end is what the banner says. */
function Body(props: { view: TranscriptView; plan: Scenario["plan"] | null; isBroken: boolean }) {
  const { view, plan, isBroken } = props;
  if (view.phases.length > 0 || view.terminal) return <Transcript transcript={view} planned={[]} />;
  if (isBroken) return null;
  return plan ? <Plan plan={plan} /> : <Loading label="Loading the showcase" />;
}

function Kpis(props: { view: TranscriptView; total: number | null; took: string }) {
  const { view, total, took } = props;
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
        label={view.terminal ? "Took" : "So far"}
        value={took}
        note={view.terminal ? "from its start to its end" : "from its start to this moment"}
      />
    </StatStrip>
  );
}

/** In sight however far the steps have been scrolled: it is what they were run for. */
function Banner({ outcome, took }: { outcome: Outcome; took: string }) {
  const nameOf = useModelName();
  const { status, winner, metric } = outcome;
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
            ? `${nameOf(winner)} wins with ${METRICS[metric]} of ${measured(metric, outcome.value)}`
            : HEADLINES[status]}
        </p>
        <p className="text-sm text-ink-2 break-words">
          {status === "passed"
            ? "All steps passed"
            : (outcome.detail ?? "What had finished keeps its effect")}{" "}
          · took <span className="num">{took}</span>
        </p>
      </div>
    </div>
  );
}

const METRICS: Record<Outcome["metric"], string> = { wape: "a WAPE", mae: "an MAE", rmse: "an RMSE" };
const HEADLINES = {
  passed: "The showcase passed",
  failed: "The showcase failed",
  cancelled: "The showcase was cancelled",
};
const WASHES = { passed: "bg-pass-wash", failed: "bg-fail-wash", cancelled: "bg-sunken" };
const INKS = { passed: "text-pass", failed: "text-fail", cancelled: "text-ink" };
