import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Coverage, LabKind, ModelCoverage } from "@/api/lab.ts";
import { LAB_PAGES } from "@/features/runs/result_link.tsx";
import { plural, shortId, words } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { DataTable } from "@/ui/data_table.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { syncCohorts } from "./actions.ts";
import { Answered } from "./answered.tsx";
import { BulkForm } from "./bulk_form.tsx";
import { useModelNames } from "./model_names.ts";
import { PageHeader } from "./page_header.tsx";
import { coverageQuery, modelCoverageQuery } from "./queries.ts";

type Model = Coverage["models"][number];

interface Props {
  /** The model that is looked at. */
  kind: LabKind | null;
  model: string | null;
  onModel: (kind: LabKind, model: string) => void;
}

/** Which models have run where, and how to run what is missing. */
export function CoveragePage({ kind, model, onModel }: Props) {
  const coverage = useQuery(coverageQuery);
  return (
    <div className="grid gap-5">
      <PageHeader
        title="Coverage"
        sentence="Which models have run on which tournaments and auctions. A comparison of models is as good as what it covers."
      />
      <Answered query={coverage} label="Loading the coverage">
        {(data) => {
          const chosen = data.models.find((each) => each.run_kind === kind && each.model === model);
          return (
            <div className="grid gap-5 xl:grid-cols-[minmax(0,1fr)_24rem] items-start">
              <div className="grid gap-5 min-w-0">
                <Models coverage={data} chosen={chosen} onModel={onModel} />
                {chosen ? <OneModel key={`${kind}${model}`} model={chosen} /> : null}
                <AutoCohorts coverage={data} />
              </div>
              <div className="grid gap-5 min-w-0">
                {chosen ? (
                  <BulkForm key={`${kind}${model}`} model={chosen} />
                ) : (
                  <p className="text-sm text-ink-2">
                    Choose a model to see what lacks it, and to run it there.
                  </p>
                )}
              </div>
            </div>
          );
        }}
      </Answered>
    </div>
  );
}

/** `3 of 8`, with a bar that says the same. */
function Covered({ covered, total }: { covered: number; total: number }) {
  return (
    <span className="inline-flex items-center gap-2">
      <span aria-hidden className="inline-block w-16 h-1.5 rounded-full bg-line overflow-hidden">
        <span
          className="block h-full bg-accent"
          style={{ width: `${total === 0 ? 0 : (100 * covered) / total}%` }}
        />
      </span>
      {covered} of {total}
    </span>
  );
}

function Models(props: { coverage: Coverage; chosen: Model | undefined; onModel: Props["onModel"] }) {
  const { coverage, chosen, onModel } = props;
  return (
    <DataTable<Model>
      title="Models"
      sentence={`Of ${plural(coverage.tournament_total, "tournament")} and ${plural(coverage.calcutta_total, "auction")}: on how many each has a run that succeeded.`}
      file="coverage.csv"
      rows={coverage.models}
      rowKey={({ run_kind, model }) => `${run_kind}/${model}`}
      isChosen={(row) => row === chosen}
      columns={[
        {
          key: "model",
          label: "Model",
          isText: true,
          value: ({ display_name }) => display_name,
          show: ({ run_kind, model, display_name }) => (
            <button
              type="button"
              className="text-accent hover:underline text-left min-h-6"
              onClick={() => onModel(run_kind, model)}
            >
              {display_name}
            </button>
          ),
        },
        { key: "kind", label: "Says", isText: true, value: ({ run_kind }) => words(run_kind) },
        {
          key: "covered",
          label: "Covers",
          value: ({ covered }) => covered,
          show: (row) => <Covered {...row} />,
        },
      ]}
    />
  );
}

function OneModel({ model: { run_kind, model, display_name } }: { model: Model }) {
  const found = useQuery(modelCoverageQuery(run_kind, model));
  return (
    <Answered query={found} label={`Loading where ${display_name} has run`}>
      {({ items }) => (
        <DataTable<ModelCoverage["items"][number]>
          title={`Where ${display_name} has run`}
          sentence="The most recent season first. What lacks a run says so."
          file={`coverage-${model}.csv`}
          rows={items}
          rowKey={({ tournament_id, calcutta_id }) => calcutta_id ?? tournament_id}
          columns={[
            {
              key: "name",
              label: "On",
              isText: true,
              value: ({ name }) => name,
              show: ({ name, tournament_id, calcutta_id }) =>
                calcutta_id ? (
                  <Link
                    to="/lab/calcuttas/$calcuttaId"
                    params={{ calcuttaId: calcutta_id }}
                    className="text-accent hover:underline"
                  >
                    {name}
                  </Link>
                ) : (
                  <Link
                    to="/lab/tournaments/$tournamentId"
                    params={{ tournamentId: tournament_id }}
                    className="text-accent hover:underline"
                  >
                    {name}
                  </Link>
                ),
            },
            { key: "season", label: "Season", value: ({ season }) => season },
            {
              key: "runs",
              label: "Runs",
              isText: true,
              value: ({ run_ids }) => run_ids.join(" "),
              show: ({ run_ids }) =>
                run_ids.length === 0 ? (
                  <span className="text-warn">lacks one</span>
                ) : (
                  run_ids.map((runId) => (
                    <Link
                      key={runId}
                      to={LAB_PAGES[run_kind]}
                      params={{ runId }}
                      className="font-mono text-xs text-accent hover:underline mr-2"
                    >
                      …{shortId(runId)}
                    </Link>
                  ))
                ),
            },
          ]}
        />
      )}
    </Answered>
  );
}

function AutoCohorts({ coverage }: { coverage: Coverage }) {
  const queries = useQueryClient();
  const modelName = useModelNames();
  const sync = useMutation({
    mutationFn: syncCohorts,
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["lab"] }),
  });
  return (
    <div className="grid gap-3">
      {sync.error ? <ProblemNote error={sync.error} /> : null}
      <DataTable<Coverage["cohorts"][number]>
        title="Cohorts by model"
        sentence={
          coverage.cohorts.length === 0
            ? "None yet. There is one for each combination of models; making them twice makes none twice."
            : "One for each combination of models: on how many auctions it has bids. Open one to generate the missing ones."
        }
        file="auto-cohorts.csv"
        rows={coverage.cohorts}
        rowKey={({ cohort_id }) => cohort_id}
        aside={
          <>
            {sync.data ? (
              <span role="status" className="text-sm text-ink-2">
                {sync.data.created === 0 ? "All were there" : `${sync.data.created} made`}
              </span>
            ) : null}
            <Button size="sm" disabled={sync.isPending} onClick={() => sync.mutate()}>
              {sync.isPending ? "Making…" : "Make those missing"}
            </Button>
          </>
        }
        columns={[
          {
            key: "cohort",
            label: "Cohort",
            isText: true,
            value: ({ name }) => name,
            show: ({ name, cohort_id }) => (
              <Link
                to="/lab/cohorts/$cohortId"
                params={{ cohortId: cohort_id }}
                className="text-accent hover:underline"
              >
                {name}
              </Link>
            ),
          },
          {
            key: "games",
            label: "Who beats whom",
            isText: true,
            isWideOnly: true,
            value: ({ auto }) => modelName(auto.game_outcome_model),
          },
          {
            key: "market",
            label: "What others bid",
            isText: true,
            isWideOnly: true,
            value: ({ auto }) => modelName(auto.market_share_model),
          },
          {
            key: "covered",
            label: "Covers",
            value: ({ covered }) => covered,
            show: (row) => <Covered {...row} />,
          },
        ]}
      />
    </div>
  );
}
