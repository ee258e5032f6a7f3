import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { RunDetail, Scenario } from "@/api/types.ts";
import { chosenWorld, worldsQuery } from "@/api/worlds.ts";
import { isSettled, runQuery, runsQuery } from "@/features/runs/queries.ts";
import { isUnknown, Unknown } from "@/features/runs/unknown.tsx";
import { words } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { Loading } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import type { Draft } from "./draft.ts";
import { LatestLink } from "./latest_link.tsx";
import { Plan } from "./plan.tsx";
import { type ScenarioName, scenariosQuery } from "./queries.ts";
import { ScenarioCards, scenarioTitle } from "./scenario_cards.tsx";
import { ShowcaseRun } from "./showcase_run.tsx";
import { StartForm } from "./start_form.tsx";

interface ShowcaseSearch {
  scenario?: string | undefined;
  seed?: number | undefined;
  /** The run that is shown, live or recorded. */
  run?: string | undefined;
  /** Its moment that is shown. */
  seq?: number | undefined;
}

interface Props {
  search: ShowcaseSearch;
  /** Changes the address in place. */
  onSearch: (search: ShowcaseSearch) => void;
  /** A run has been started: a place of its own, to which one can come back. */
  onStarted: (search: ShowcaseSearch) => void;
  onSeq: (seq: number | undefined) => void;
}

const DEFAULT_SCENARIO: ScenarioName = "demo_minimal";
const DEFAULT_SEED = 42;

/** Starts a showcase and follows its run. The run is the server's: this page may come and go. */
export function ShowcasePage({ search, onSearch, onStarted, onSeq }: Props) {
  const scenarios = useQuery(scenariosQuery);
  const [draft, setDraft] = useState<Draft>({
    seed: search.seed ?? DEFAULT_SEED,
    source: "generated",
    isReset: false,
    worldId: null,
  });
  const run = useShownRun(search.run);
  useActiveRun(search, onSearch);
  const chosen = useScenario(draft, search.scenario ?? DEFAULT_SCENARIO, scenarios.data ?? []);
  const plan = scenarios.data?.find((each) => each.scenario === chosen.scenario)?.plan ?? null;
  return (
    <div className="grid gap-5">
      <header className="grid gap-1">
        <h1 className="text-2xl font-semibold tracking-tight">Showcase</h1>
        <p className="text-ink-2 max-w-[72ch] text-pretty">
          The whole retail pipeline, live: data is generated, features computed, models trained and raced, the
          champion registered and its artifact verified. Every frame is recorded.
        </p>
      </header>
      {scenarios.error && !scenarios.data ? (
        <ProblemNote
          error={scenarios.error}
          action={
            <Button size="sm" onClick={() => scenarios.refetch()}>
              Try again
            </Button>
          }
        />
      ) : scenarios.data ? (
        <ScenarioCards
          scenarios={scenarios.data}
          chosen={chosen.scenario}
          isLocked={run.isLive || chosen.isOfWorld}
          onChoose={(scenario) => onSearch({ ...search, scenario, seed: draft.seed ?? undefined })}
        />
      ) : (
        <Loading label="Loading the scenarios" lines={2} />
      )}
      <StartForm
        scenario={chosen.scenario}
        draft={draft}
        onDraft={setDraft}
        isLive={run.isLive}
        onStarted={(runId, { scenario, seed }) => {
          // What was asked for is done; the next one is not to delete by habit.
          setDraft({ ...draft, isReset: false });
          onStarted({ scenario, seed, run: runId });
        }}
      />
      {run.unknown ? (
        <Unknown what="run" error={run.unknown} level="h2" />
      ) : search.run ? (
        <ShowcaseRun
          key={search.run}
          runId={search.run}
          run={run.detail}
          title={titleOf(run.detail, scenarios.data ?? [])}
          plan={plan}
          seq={search.seq ?? null}
          onSeq={onSeq}
        />
      ) : (
        <>
          <LatestLink />
          {plan ? <Plan plan={plan} /> : null}
        </>
      )}
    </div>
  );
}

/** The run that the address names. It counts as live until the server says that it has ended or that there is none. */
function useShownRun(runId: string | undefined) {
  const queries = useQueryClient();
  const run = useQuery({ ...runQuery(runId ?? ""), enabled: runId !== undefined });
  const detail = runId === undefined ? null : (run.data ?? null);
  const unknown = runId !== undefined && run.error && isUnknown(run.error) ? run.error : null;
  const isLive = runId !== undefined && !unknown && !(detail && isSettled(detail.status));
  const hasEnded = detail !== null && isSettled(detail.status);
  useEffect(() => {
    if (!hasEnded) return;
    // A showcase makes worlds and deletes them.
    void queries.invalidateQueries({ queryKey: worldsQuery.queryKey });
    void queries.invalidateQueries({ queryKey: ["runs"] });
  }, [queries, hasEnded]);
  return { detail, isLive, unknown };
}

/** Coming back while a showcase runs leads to it: there is only one at a time, and none can be started beside it. */
function useActiveRun(search: ShowcaseSearch, onSearch: Props["onSearch"]): void {
  const runs = useQuery({ ...runsQuery({ kind: "showcase" }), enabled: search.run === undefined });
  // What was heard before leaving this place may be over: who goes back to it is not to be sent away again.
  const items = runs.isFetching ? [] : (runs.data?.items ?? []);
  const active = items.find((run) => !isSettled(run.status))?.run_id;
  useEffect(() => {
    if (search.run === undefined && active) onSearch({ ...search, run: active });
  }, [search, active, onSearch]);
}

/** A stored world has the scenario it was made from. */
function useScenario(draft: Draft, asked: string, scenarios: readonly Scenario[]) {
  const worlds = useQuery({ ...worldsQuery, enabled: draft.source === "stored" });
  const world = draft.source === "stored" ? chosenWorld(worlds.data?.items ?? [], draft.worldId) : null;
  const named = (name?: string) => scenarios.find((each) => each.scenario === name)?.scenario;
  const ofWorld = named(world?.scenario);
  return { scenario: ofWorld ?? named(asked) ?? DEFAULT_SCENARIO, isOfWorld: ofWorld !== undefined };
}

/** `Minimal · seed 42`: the preset as its card calls it. */
function titleOf(run: RunDetail | null, scenarios: readonly Scenario[]): string {
  if (!run) return "Showcase";
  const spec: { request?: { scenario?: unknown } } = run.spec;
  const name = spec.request?.scenario;
  // A seed that a number cannot hold stands in full in the run's own title.
  if (typeof name !== "string" || !Number.isSafeInteger(run.seed)) return run.title;
  const card = scenarios.find((each) => each.scenario === name);
  return `${card ? scenarioTitle(card) : words(name)} · seed ${run.seed}`;
}
