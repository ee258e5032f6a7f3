import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { CalcuttaItem, ChangeCohort, Cohort, SyntheticCalcutta } from "@/api/lab.ts";
import { count, plural } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { DataTable } from "@/ui/data_table.tsx";
import { Panel } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { changeCohort, keepSyntheticCalcutta, startBatch } from "./actions.ts";
import { Answered } from "./answered.tsx";
import { BulkPanel } from "./bulk_panel.tsx";
import { ChoiceField } from "./choice_field.tsx";
import { EditButton, type EditField } from "./edit_button.tsx";
import { useModelNames } from "./model_names.ts";
import { PageHeader } from "./page_header.tsx";
import { calcuttasQuery, cohortQuery, resolveQuery, syntheticCalcuttasQuery } from "./queries.ts";
import { GameOutcomeChoice } from "./run_choice.tsx";
import { LabRunList } from "./run_list.tsx";
import { MOST_SIMULATIONS } from "./simulation_draft.ts";
import { stateOption } from "./states.ts";

interface Props {
  cohortId: string;
  onStarted: (runId: string) => void;
}

/** One cohort: its auctions, and the simulations of all of them by one method. */
export function CohortPage({ cohortId, onStarted }: Props) {
  const cohort = useQuery(cohortQuery(cohortId));
  return (
    <Answered query={cohort} label="Loading the cohort" page="cohort">
      {(data) => <Shown cohort={data} onStarted={onStarted} />}
    </Answered>
  );
}

function Shown({ cohort, onStarted }: { cohort: Cohort; onStarted: Props["onStarted"] }) {
  const { cohort_id, name, description, n_sims, seed, auto } = cohort;
  const synthetic = useQuery(syntheticCalcuttasQuery(cohort_id));
  const calcuttas = useQuery(calcuttasQuery());
  const modelName = useModelNames();
  const auctions = new Map(calcuttas.data?.items.map((each) => [each.calcutta_id, each]));
  return (
    <div className="grid gap-5">
      <PageHeader
        title={name}
        sentence={`${description ? `${description} ` : ""}Each auction is judged by ${plural(n_sims, "simulation")} of seed ${seed}.`}
        aside={<EditCohort cohort={cohort} />}
      />
      <div className="grid gap-5 xl:grid-cols-[minmax(0,1fr)_24rem] items-start">
        <div className="grid gap-5 min-w-0">
          <Answered query={synthetic} label="Loading the auctions of the cohort">
            {({ items }) => (
              <>
                <SyntheticTable cohort={cohort} items={items} auctions={auctions} />
                {items.length > 0 ? <StartBatch cohort={cohort} items={items} onStarted={onStarted} /> : null}
              </>
            )}
          </Answered>
        </div>
        <div className="grid gap-5 min-w-0">
          {auto ? (
            <BulkPanel
              title="Generate entries"
              sentence={`The best bids by “${modelName(auto.market_share_model)}” on “${modelName(auto.game_outcome_model)}”, for every auction that lacks them.`}
              query={{ run_kind: "strategy_generation", cohort_id }}
            />
          ) : null}
          <AddAuction cohort={cohort} auctions={calcuttas.data?.items} />
          <LabRunList
            title="Runs of this cohort"
            filter={{ cohort_id }}
            empty="None yet. Add an auction, attach candidates to it, then simulate all."
          />
        </div>
      </div>
    </div>
  );
}

function EditCohort({ cohort }: { cohort: Cohort }) {
  const { cohort_id, version, name, description, n_sims, seed } = cohort;
  const queries = useQueryClient();
  const fields: EditField<ChangeCohort>[] = [
    {
      key: "name",
      label: "Name",
      hint: "Unique among cohorts",
      kind: "text",
      value: name,
      maxLength: 100,
      isRequired: true,
      put: (name) => ({ name }),
    },
    {
      key: "description",
      label: "Description",
      kind: "text",
      value: description ?? "",
      maxLength: 500,
      isLong: true,
      put: (description) => ({ description }),
    },
    {
      key: "n_sims",
      label: "Simulations",
      hint: "Of later runs; those that were made keep theirs",
      kind: "number",
      value: n_sims,
      max: MOST_SIMULATIONS,
      put: (n_sims) => ({ n_sims }),
    },
    { key: "seed", label: "Seed", kind: "number", value: seed, put: (seed) => ({ seed }) },
  ];
  return (
    <EditButton
      title="Edit the cohort"
      version={version}
      fields={fields}
      save={async (base, change) => {
        queries.setQueryData(cohortQuery(cohort_id).queryKey, await changeCohort(cohort_id, base, change));
        void queries.invalidateQueries({ queryKey: ["lab", "cohorts"] });
      }}
      onStale={() => void queries.invalidateQueries({ queryKey: cohortQuery(cohort_id).queryKey })}
    />
  );
}

function SyntheticTable(props: {
  cohort: Cohort;
  items: readonly SyntheticCalcutta[];
  auctions: ReadonlyMap<string, CalcuttaItem>;
}) {
  const { cohort, items, auctions } = props;
  const nameOf = ({ calcutta_id }: SyntheticCalcutta) => auctions.get(calcutta_id)?.name ?? calcutta_id;
  return (
    <DataTable<SyntheticCalcutta>
      title="Synthetic calcuttas"
      sentence={
        items.length === 0
          ? "None yet. Add an auction: candidates then join it, and it is judged with them."
          : "Auctions with the candidates that were attached to them. Open one to attach, detach or highlight."
      }
      file={`cohort-${cohort.cohort_id}.csv`}
      rows={items}
      rowKey={({ synthetic_calcutta_id }) => synthetic_calcutta_id}
      columns={[
        {
          key: "auction",
          label: "Auction",
          isText: true,
          value: nameOf,
          show: (each) => (
            <Link
              to="/lab/synthetic-calcuttas/$syntheticCalcuttaId"
              params={{ syntheticCalcuttaId: each.synthetic_calcutta_id }}
              className="text-accent hover:underline font-medium"
            >
              {nameOf(each)}
            </Link>
          ),
        },
        { key: "candidates", label: "Candidates", value: ({ attachments }) => attachments.length },
        {
          key: "highlighted",
          label: "Highlighted",
          isText: true,
          value: ({ highlighted_entry_id }) => (highlighted_entry_id ? "yes" : "no"),
        },
        { key: "notes", label: "Notes", isText: true, isWideOnly: true, value: ({ notes }) => notes },
      ]}
    />
  );
}

function StartBatch(props: {
  cohort: Cohort;
  items: readonly SyntheticCalcutta[];
  onStarted: Props["onStarted"];
}) {
  const { cohort, items, onStarted } = props;
  const start = useMutation({ mutationFn: startBatch, onSuccess: ({ run_id }) => onStarted(run_id) });
  return (
    <div className="grid gap-3 justify-items-start">
      {start.error ? <ProblemNote error={start.error} /> : null}
      <Button
        kind="primary"
        disabled={start.isPending}
        onClick={() =>
          start.mutate({
            cohort_id: cohort.cohort_id,
            synthetic_calcutta_ids: items.map(({ synthetic_calcutta_id }) => synthetic_calcutta_id),
          })
        }
      >
        {start.isPending
          ? "Starting…"
          : `Simulate ${plural(items.length, "auction")}, ${count(cohort.n_sims)} times each`}
      </Button>
    </div>
  );
}

/** Everything the auction is judged by is named: its state of play, and who beats whom. */
function AddAuction(props: { cohort: Cohort; auctions: readonly CalcuttaItem[] | undefined }) {
  const { cohort, auctions } = props;
  const queries = useQueryClient();
  const [calcutta, setCalcutta] = useState<string | null>(null);
  const [state, setState] = useState<string | null>(null);
  const [games, setGames] = useState<string | null>(null);
  const resolution = useQuery({ ...resolveQuery(calcutta ?? ""), enabled: calcutta !== null });
  const auction = auctions?.find(({ calcutta_id }) => calcutta_id === calcutta);
  const add = useMutation({
    mutationFn: keepSyntheticCalcutta,
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["lab", "synthetic-calcuttas", cohort.cohort_id] });
      void queries.invalidateQueries({ queryKey: ["lab", "cohorts"] });
    },
  });
  const request =
    auction && state && games
      ? {
          cohort_id: cohort.cohort_id,
          snapshot_id: auction.snapshot_id,
          state_id: state,
          game_outcome_run_id: games,
        }
      : null;
  return (
    <Panel title="Add an auction">
      <div className="grid gap-3">
        <ChoiceField
          label="Auction"
          value={calcutta}
          options={auctions?.map(({ calcutta_id, name }) => ({ value: calcutta_id, label: name }))}
          onChange={(id) => {
            setCalcutta(id);
            setState(null);
            setGames(null);
          }}
        />
        {resolution.error ? <ProblemNote error={resolution.error} /> : null}
        {resolution.data ? (
          <>
            <ChoiceField
              label="From which state"
              value={state}
              options={resolution.data.states.map(stateOption)}
              onChange={setState}
            />
            <GameOutcomeChoice resolution={resolution.data} value={games} onChange={setGames} />
          </>
        ) : null}
        {add.error ? <ProblemNote error={add.error} /> : null}
        <Button
          kind="primary"
          disabled={!request || add.isPending}
          onClick={() => request && add.mutate(request)}
        >
          Add to the cohort
        </Button>
      </div>
    </Panel>
  );
}
