import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { ArrowRight, Play, Square } from "lucide-react";
import { useState } from "react";
import { PhaseList, useFollowEnd } from "@/features/runs/step_list.tsx";
import { Transcript } from "@/features/runs/transcript_view.tsx";
import { useRunLog } from "@/features/runs/use_run.ts";
import { useProof, VerifiedBadge } from "@/features/runs/verified_badge.tsx";
import type { PhaseView } from "@/features/runs/view.ts";
import { count, decimal, duration, MISSING, percent } from "@/lib/format.ts";
import { Button, buttonClass } from "@/ui/button.tsx";
import { CheckField, NumberField } from "@/ui/field.tsx";
import { useModelName } from "@/ui/model_name.tsx";
import { Loading, Panel, ProgressBar, Stat, StatStrip } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { Glyph } from "@/ui/status.tsx";
import { kpis, type Outcome, type Pipeline, tally } from "./pipeline.ts";
import { scenariosQuery } from "./queries.ts";
import { ScenarioCards } from "./scenario_cards.tsx";
import { useShowcase } from "./use_showcase.ts";

interface ShowcaseSearch {
  scenario?: string | undefined;
  seed?: number | undefined;
  run?: string | undefined;
}

interface Props {
  search: ShowcaseSearch;
  onSearch: (search: ShowcaseSearch) => void;
}

const DEFAULT_SCENARIO = "demo_minimal";
const DEFAULT_SEED = 42;

export function ShowcasePage({ search, onSearch }: Props) {
  const { pipeline, isRunning, start, stop } = useShowcase();
  const scenario = search.scenario ?? DEFAULT_SCENARIO;
  const [seed, setSeed] = useState<number | null>(search.seed ?? DEFAULT_SEED);
  const [isReset, setReset] = useState(false);
  const [isReseeding, setReseeding] = useState(true);
  const isSeedBad = seed === null || !Number.isInteger(seed) || seed < 0;
  const run = () => {
    if (isSeedBad) return;
    onSearch({ scenario, seed });
    start({ scenario, seed, reset: isReset, skip_seed: !isReseeding });
  };
  return (
    <div className="grid gap-5">
      <header className="grid gap-1">
        <h1 className="text-2xl font-semibold tracking-tight">Showcase</h1>
        <p className="text-ink-2 max-w-[72ch] text-pretty">
          The whole retail pipeline, live: data is generated, features computed, models trained and raced, the
          champion registered and its artifact verified. Every frame is recorded.
        </p>
      </header>
      <Scenarios
        chosen={scenario}
        isLocked={isRunning}
        onChoose={(name) => onSearch({ scenario: name, seed: seed ?? undefined })}
      />
      <Panel>
        <div className="flex flex-wrap items-start gap-x-6 gap-y-3">
          <div className="w-32">
            <NumberField
              label="Seed"
              hint="Same seed, same data"
              error={isSeedBad ? "A whole number from 0" : null}
              value={seed}
              onChange={setSeed}
              min={0}
              step={1}
              disabled={isRunning}
            />
          </div>
          <div className="grid gap-2 pt-6">
            <CheckField
              label="Generate the data"
              hint="Otherwise the stored data is used"
              isChecked={isReseeding}
              onChange={setReseeding}
              disabled={isRunning}
            />
          </div>
          <div className="grid gap-2 pt-6">
            <CheckField
              label="Reset the database first"
              hint={isReset ? "Deletes all stored sales and dimensions" : "Stored data is kept"}
              isRisky={isReset}
              isChecked={isReset}
              onChange={setReset}
              disabled={isRunning}
            />
          </div>
          <div className="ml-auto pt-5 flex gap-2 max-sm:w-full">
            {isRunning ? (
              <Button kind="danger" onClick={stop} className="h-9 px-5 max-sm:flex-1">
                <Square aria-hidden /> Stop
              </Button>
            ) : (
              <Button kind="primary" onClick={run} disabled={isSeedBad} className="h-9 px-5 max-sm:flex-1">
                <Play aria-hidden /> Run showcase
              </Button>
            )}
          </div>
        </div>
      </Panel>
      {pipeline.phases.length > 0 || pipeline.refusal ? (
        <Live pipeline={pipeline} isRunning={isRunning} />
      ) : search.run ? (
        <Recorded runId={search.run} />
      ) : isRunning ? (
        <Loading label="Starting the showcase" />
      ) : (
        <Plan />
      )}
    </div>
  );
}

function Scenarios(props: { chosen: string; isLocked: boolean; onChoose: (name: string) => void }) {
  const scenarios = useQuery(scenariosQuery);
  if (scenarios.error) {
    return (
      <ProblemNote
        error={scenarios.error}
        action={
          <Button size="sm" onClick={() => scenarios.refetch()}>
            Try again
          </Button>
        }
      />
    );
  }
  if (!scenarios.data) return <Loading label="Loading the scenarios" lines={2} />;
  return <ScenarioCards scenarios={scenarios.data} {...props} />;
}

function Live({ pipeline, isRunning }: { pipeline: Pipeline; isRunning: boolean }) {
  const { ended } = tally(pipeline.phases);
  useFollowEnd(isRunning, ended);
  return (
    <div className="grid gap-4" data-testid="live">
      {isRunning ? (
        <div className="grid gap-1.5">
          <ProgressBar
            fraction={pipeline.total ? ended / pipeline.total : null}
            label="Progress of the showcase"
          />
        </div>
      ) : null}
      {pipeline.outcome ? <Banner outcome={pipeline.outcome} /> : null}
      {pipeline.refusal ? (
        <div role="alert" className="rounded-lg border border-line bg-warn-wash px-4 py-3 flex gap-3">
          <Glyph status="warn" />
          <p>{pipeline.refusal}</p>
        </div>
      ) : null}
      {pipeline.phases.length > 0 ? (
        <>
          <Kpis phases={pipeline.phases} total={pipeline.total} outcome={pipeline.outcome} />
          <PhaseList phases={pipeline.phases} hasEnded={!isRunning} />
        </>
      ) : null}
    </div>
  );
}

function Kpis({
  phases,
  total,
  outcome,
}: {
  phases: readonly PhaseView[];
  total: number;
  outcome: Outcome | null;
}) {
  const { ended, passed, skipped, spentMs } = tally(phases);
  const { sales, trained, isVerified } = kpis(phases);
  return (
    <StatStrip>
      <Stat label="Steps" value={`${ended} / ${total}`} note={`${passed} passed · ${skipped} skipped`} />
      <Stat label="Sales rows" value={count(sales)} note="written by the generator" />
      <Stat
        label="Models"
        value={count(trained)}
        note={isVerified ? "champion's artifact verified" : "trained on the same window"}
      />
      <Stat
        label="Wall clock"
        value={outcome?.wallClockS != null ? `${decimal(outcome.wallClockS, 2)} s` : duration(spentMs)}
        note={outcome ? "from open to end" : "so far, in steps"}
      />
    </StatStrip>
  );
}

function Banner({ outcome }: { outcome: Outcome }) {
  const nameOf = useModelName();
  const isGreen = outcome.status === "pass";
  return (
    <div
      data-testid="summary"
      className={clsx(
        "rounded-lg border border-line px-4 py-3 flex flex-wrap items-center gap-x-4 gap-y-2",
        isGreen ? "bg-pass-wash" : "bg-fail-wash",
      )}
    >
      <div className="min-w-0 grid gap-0.5">
        <p className={clsx("font-semibold", isGreen ? "text-pass" : "text-fail")}>
          {isGreen
            ? outcome.winner
              ? `${nameOf(outcome.winner)} wins with a WAPE of ${percent(outcome.winnerValue)}`
              : "The showcase passed"
            : "The showcase failed"}
        </p>
        <p className="text-sm text-ink-2">
          {outcome.detail || (isGreen ? "All steps passed" : "See the failed step")} ·{" "}
          <span className="num">
            {outcome.wallClockS === null ? MISSING : decimal(outcome.wallClockS, 2)} s wall clock
          </span>
        </p>
      </div>
      {outcome.runId ? (
        <Link
          to="/runs/$runId"
          params={{ runId: outcome.runId }}
          className={clsx(buttonClass("plain"), "ml-auto")}
        >
          Open the recorded run <ArrowRight aria-hidden />
        </Link>
      ) : null}
    </div>
  );
}

/** A showcase of the past: its frames through the same reducer, not a summary of them. */
function Recorded({ runId }: { runId: string }) {
  const { log, state } = useRunLog(runId);
  const proof = useProof(log, state);
  if (state.stream.phase === "broken") return <ProblemNote error={state.stream.problem} />;
  if (state.length === 0) return <Loading label="Loading the recorded showcase" />;
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <h2 className="text-lg font-semibold">Recorded showcase</h2>
        <VerifiedBadge proof={proof} />
        <Link to="/runs/$runId" params={{ runId }} className={clsx(buttonClass("plain", "sm"), "ml-auto")}>
          Open with playback <ArrowRight aria-hidden />
        </Link>
      </div>
      <Transcript transcript={log.viewAt(state.length)} hasEnded={state.stream.phase === "ended"} />
    </div>
  );
}

const PLAN: readonly [string, string][] = [
  ["Data", "Check the server, reset and generate the store, compute lagged and rolling features."],
  ["Modeling", "Train naive, seasonal naive and moving average on the same window."],
  ["Decision", "Backtest all three over expanding folds, name the lowest WAPE, register it under an alias."],
  ["Verify", "Hash the champion's artifact again and compare it with the registry."],
  ["Agents", "Skipped here: no language-model provider is configured, and none is needed."],
  ["Cleanup", "Leave the store as the next run expects it."],
];

function Plan() {
  return (
    <section className="bg-surface border border-line rounded-lg p-5 grid gap-4 lg:grid-cols-[minmax(0,20rem)_minmax(0,1fr)]">
      <div>
        <h2 className="text-lg font-semibold">What happens when you press Run</h2>
        <p className="text-ink-2 mt-1 text-pretty">
          Eleven steps in six phases drive this server's own public API. It takes a few seconds; every step
          says what it did and what came out, and the run stays under Runs with proof that nothing was
          changed.
        </p>
      </div>
      <ol className="grid gap-x-6 gap-y-3 sm:grid-cols-2">
        {PLAN.map(([phase, what], at) => (
          <li key={phase} className="grid grid-cols-[1.25rem_1fr] gap-x-2">
            <span className="num text-ink-3">{at + 1}</span>
            <span>
              <span className="font-medium">{phase}</span>
              <span className="block text-sm text-ink-2 text-pretty">{what}</span>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
