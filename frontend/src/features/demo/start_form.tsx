import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowRight, Play } from "lucide-react";
import { type ReactNode, useState } from "react";
import { ApiProblem } from "@/api/problem.ts";
import { worldsQuery } from "@/api/worlds.ts";
import { isSettled, runsQuery } from "@/features/runs/queries.ts";
import { announce } from "@/lib/announce.ts";
import { plural } from "@/lib/format.ts";
import { Button, buttonClass } from "@/ui/button.tsx";
import { Confirm } from "@/ui/dialog.tsx";
import { NumberField } from "@/ui/field.tsx";
import { Panel } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { DataFields } from "./data_fields.tsx";
import { type Draft, MAX_SEED, requestOf, seedProblem } from "./draft.ts";
import { type ScenarioName, type StartRequest, startShowcase } from "./queries.ts";

interface Props {
  scenario: ScenarioName;
  draft: Draft;
  onDraft: (draft: Draft) => void;
  /** One showcase runs at a time: the page shows one that has not ended. */
  isLive: boolean;
  onStarted: (runId: string, request: StartRequest) => void;
}

/** What to run and on which data. What runs is cancelled where it is shown. */
export function StartForm({ scenario, draft, onDraft, isLive, onStarted }: Props) {
  const worlds = useQuery(worldsQuery);
  const start = useStart(onStarted);
  const request = requestOf(draft, scenario, worlds.data?.items ?? []);
  return (
    <Panel>
      <div className="flex flex-wrap items-start gap-x-8 gap-y-4">
        <div className="w-36">
          <NumberField
            label="Seed"
            hint={draft.source === "generated" ? "Same seed, same data" : "Of the run; the data stay"}
            error={seedProblem(draft.seed)}
            value={draft.seed}
            onChange={(seed) => onDraft({ ...draft, seed })}
            min={0}
            max={MAX_SEED}
            step={1}
            disabled={isLive}
          />
        </div>
        <DataFields draft={draft} onDraft={onDraft} isLocked={isLive} />
        <div className="ml-auto pt-6 flex max-sm:w-full max-sm:pt-0">
          <RunButton
            request={start.isPending || isLive ? null : request}
            worlds={worlds.data?.items.length ?? null}
            onRun={(each) => start.mutate(each)}
          />
        </div>
        {start.error && !isLive ? (
          <div className="basis-full">
            <Refusal error={start.error} />
          </div>
        ) : null}
      </div>
    </Panel>
  );
}

function useStart(onStarted: Props["onStarted"]) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: startShowcase,
    onSuccess: (runId, request) => {
      announce("Showcase started");
      void queries.invalidateQueries({ queryKey: ["runs"] });
      onStarted(runId, request);
    },
  });
}

/** Deleting is asked for once more: nothing brings a world back that no seed makes again. */
function RunButton(props: {
  request: StartRequest | null;
  worlds: number | null;
  onRun: (request: StartRequest) => void;
}) {
  const { request, worlds, onRun } = props;
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button
        kind="primary"
        onClick={() => (request?.reset ? setAsking(true) : request && onRun(request))}
        disabled={!request}
        className="h-9 px-5 max-sm:flex-1"
      >
        <Play aria-hidden /> Run showcase
      </Button>
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => request && onRun(request)}
        title="Delete all stored worlds?"
        confirm="Delete and run"
        keep="Keep them"
      >
        {worlds === null ? "Every stored world" : plural(worlds, "stored world")} with all stores, products
        and sales will be deleted before the data are generated anew. Recorded runs, comparisons and models
        stay.
      </Confirm>
    </>
  );
}

/** Why it did not start. Where another showcase is in the way, the way leads there. */
function Refusal({ error }: { error: Error }) {
  const isBusy = error instanceof ApiProblem && BUSY.includes(error.code);
  return <ProblemNote error={error} action={isBusy ? <ActiveRunLink text={error.message} /> : undefined} />;
}

const BUSY = ["RUN_ALREADY_ACTIVE", "WORLD_IN_USE"];

function ActiveRunLink({ text }: { text: string }): ReactNode {
  const named = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/i.exec(text)?.[0];
  const runs = useQuery({ ...runsQuery({ kind: "showcase" }), enabled: named === undefined });
  const runId = named ?? runs.data?.items.find((run) => !isSettled(run.status))?.run_id;
  if (!runId) return null;
  return (
    <Link to="/showcase" search={{ run: runId }} className={buttonClass("plain", "sm")}>
      Show the showcase that runs <ArrowRight aria-hidden />
    </Link>
  );
}
