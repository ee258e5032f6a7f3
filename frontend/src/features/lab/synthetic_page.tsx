import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type {
  Candidate,
  ChangeSyntheticCalcutta,
  Entry,
  SnapshotContent,
  SyntheticCalcutta,
} from "@/api/lab.ts";
import { plural } from "@/lib/format.ts";
import { Button, buttonClass } from "@/ui/button.tsx";
import { DataTable } from "@/ui/data_table.tsx";
import { Panel } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { attach, changeSynthetic, detach, replaceRules } from "./actions.ts";
import { Answered } from "./answered.tsx";
import { ChoiceField } from "./choice_field.tsx";
import { EditButton } from "./edit_button.tsx";
import { PageHeader } from "./page_header.tsx";
import { calcuttaQuery, candidatesQuery, snapshotQuery, syntheticCalcuttaQuery } from "./queries.ts";
import type { WrittenRules } from "./rules_draft.ts";
import { RulesPanels } from "./rules_panels.tsx";
import { LabRunList } from "./run_list.tsx";

/** An auction of a cohort with its candidates: attach, detach, highlight. */
export function SyntheticPage({ syntheticCalcuttaId }: { syntheticCalcuttaId: string }) {
  const synthetic = useQuery(syntheticCalcuttaQuery(syntheticCalcuttaId));
  return (
    <Answered query={synthetic} label="Loading the synthetic calcutta" page="synthetic calcutta">
      {(data) => <Shown synthetic={data} />}
    </Answered>
  );
}

function Shown({ synthetic }: { synthetic: SyntheticCalcutta }) {
  const { synthetic_calcutta_id, calcutta_id, cohort_id, snapshot_id, attachments, notes } = synthetic;
  const calcutta = useQuery(calcuttaQuery(calcutta_id));
  const snapshot = useQuery(snapshotQuery(snapshot_id));
  const look = buttonClass("plain", "sm");
  return (
    <div className="grid gap-5">
      <PageHeader
        title={calcutta.data?.name ?? "Synthetic calcutta"}
        sentence={`An auction that candidates join: ${plural(attachments.length, "candidate")} attached. Attaching and detaching make a new snapshot; runs keep the one they were made with.${notes ? ` ${notes}` : ""}`}
        aside={
          <>
            <EditNotes synthetic={synthetic} />
            <Link to="/lab/cohorts/$cohortId" params={{ cohortId: cohort_id }} className={look}>
              Cohort
            </Link>
            <Link
              to="/lab/calcuttas/$calcuttaId"
              params={{ calcuttaId: calcutta_id }}
              search={{ snapshot: snapshot_id }}
              className={look}
            >
              Auction
            </Link>
          </>
        }
      />
      <div className="grid gap-5 xl:grid-cols-[minmax(0,1fr)_24rem] items-start">
        <Answered query={snapshot} label="Loading the entries">
          {({ content }) => (
            <div className="grid gap-5 min-w-0">
              <SyntheticRules synthetic={synthetic} content={content} />
              <Entries synthetic={synthetic} entries={content.entries} />
            </div>
          )}
        </Answered>
        <div className="grid gap-5 min-w-0">
          {calcutta.data ? (
            <AttachPanel synthetic={synthetic} tournamentId={calcutta.data.tournament_id} />
          ) : null}
          <LabRunList
            title="Simulations"
            filter={{ synthetic_calcutta_id }}
            empty="None yet. The page of the cohort simulates all of its auctions."
          />
        </div>
      </div>
    </div>
  );
}

function SyntheticRules({ synthetic, content }: { synthetic: SyntheticCalcutta; content: SnapshotContent }) {
  const { synthetic_calcutta_id, version, snapshot_id } = synthetic;
  const replace = useChange((rules: WrittenRules) => replaceRules(synthetic_calcutta_id, version, rules));
  return <RulesPanels key={snapshot_id} content={content} save={replace.mutateAsync} />;
}

function EditNotes({ synthetic }: { synthetic: SyntheticCalcutta }) {
  const { synthetic_calcutta_id, version, notes } = synthetic;
  const queries = useQueryClient();
  const change = useChange(({ base, body }: { base: number; body: ChangeSyntheticCalcutta }) =>
    changeSynthetic(synthetic_calcutta_id, base, body),
  );
  return (
    <EditButton<ChangeSyntheticCalcutta>
      title="Edit the notes"
      version={version}
      fields={[
        {
          key: "notes",
          label: "Notes",
          hint: "What there is to say of this auction in this cohort",
          kind: "text",
          value: notes ?? "",
          maxLength: 2000,
          isLong: true,
          put: (notes) => ({ notes }),
        },
      ]}
      save={(base, body) => change.mutateAsync({ base, body })}
      onStale={() => void queries.invalidateQueries({ queryKey: ["lab", "synthetic-calcutta"] })}
    />
  );
}

/** What changes it answers it as it stands then. */
function useChange<V>(change: (value: V) => Promise<SyntheticCalcutta>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (changed) => {
      queries.setQueryData(["lab", "synthetic-calcutta", changed.synthetic_calcutta_id], changed);
      void queries.invalidateQueries({ queryKey: ["lab", "synthetic-calcuttas", changed.cohort_id] });
      void queries.invalidateQueries({ queryKey: ["lab", "calcutta", changed.calcutta_id] });
    },
    onError: () => void queries.invalidateQueries({ queryKey: ["lab", "synthetic-calcutta"] }),
  });
}

function Entries({ synthetic, entries }: { synthetic: SyntheticCalcutta; entries: readonly Entry[] }) {
  const { highlighted_entry_id, attachments, synthetic_calcutta_id } = synthetic;
  const attached = new Map(attachments.map((each) => [each.entry_id, each]));
  const remove = useChange(detach);
  const mark = useChange((highlighted_entry_id: string) =>
    changeSynthetic(synthetic_calcutta_id, synthetic.version, { highlighted_entry_id }),
  );
  const error = remove.error ?? mark.error;
  return (
    <div className="grid gap-3 min-w-0">
      {error ? <ProblemNote error={error} /> : null}
      <DataTable<Entry>
        title="Entries"
        sentence="The highlighted entry's figures stand for the auction in the cohort. Candidates can be detached; people's entries stay."
        file={`synthetic-calcutta-${synthetic_calcutta_id}.csv`}
        rows={entries}
        rowKey={({ entry_id }) => entry_id}
        isChosen={({ entry_id }) => entry_id === highlighted_entry_id}
        columns={[
          {
            key: "entry",
            label: "Entry",
            isText: true,
            value: ({ display_name }) => display_name,
            show: ({ display_name, candidate_id }) =>
              candidate_id ? (
                <Link
                  to="/lab/candidates/$candidateId"
                  params={{ candidateId: candidate_id }}
                  className="text-accent hover:underline font-medium"
                >
                  {display_name}
                </Link>
              ) : (
                display_name
              ),
          },
          { key: "teams", label: "Teams", value: ({ bids }) => bids.length },
          {
            key: "highlighted",
            label: "Highlight",
            value: ({ entry_id }) => (entry_id === highlighted_entry_id ? "yes" : ""),
            show: ({ entry_id, display_name }) =>
              entry_id === highlighted_entry_id ? (
                <span className="font-medium text-accent-strong">Highlighted</span>
              ) : (
                <Button
                  size="sm"
                  kind="quiet"
                  disabled={mark.isPending}
                  aria-label={`Highlight ${display_name}`}
                  onClick={() => mark.mutate(entry_id)}
                >
                  Highlight
                </Button>
              ),
          },
          {
            key: "attachment",
            label: "Candidate",
            value: ({ entry_id }) => attached.get(entry_id)?.attachment_id,
            show: ({ entry_id, display_name }) => {
              const attachment = attached.get(entry_id);
              return attachment ? (
                <Button
                  size="sm"
                  disabled={remove.isPending}
                  aria-label={`Detach ${display_name}`}
                  onClick={() => remove.mutate(attachment.attachment_id)}
                >
                  Detach
                </Button>
              ) : (
                "–"
              );
            },
          },
        ]}
      />
    </div>
  );
}

function AttachPanel({ synthetic, tournamentId }: { synthetic: SyntheticCalcutta; tournamentId: string }) {
  const candidates = useQuery(candidatesQuery(tournamentId));
  const [chosen, setChosen] = useState<string | null>(null);
  const add = useChange((candidateId: string) => attach(synthetic.synthetic_calcutta_id, candidateId));
  const attached = new Set(synthetic.attachments.map(({ candidate_id }) => candidate_id));
  const free = candidates.data?.items.filter(({ candidate_id }) => !attached.has(candidate_id));
  return (
    <Panel title="Attach a candidate">
      <div className="grid gap-3">
        {candidates.error ? <ProblemNote error={candidates.error} /> : null}
        <ChoiceField
          label="Candidate"
          hint="Its bids must keep the auction's rules"
          value={chosen}
          options={free?.map(optionOf)}
          onChange={setChosen}
        />
        {add.error ? <ProblemNote error={add.error} /> : null}
        <Button
          kind="primary"
          disabled={!chosen || add.isPending}
          onClick={() => {
            if (!chosen) return;
            add.mutate(chosen);
            setChosen(null);
          }}
        >
          Attach
        </Button>
      </div>
    </Panel>
  );
}

function optionOf({ candidate_id, display_name, bids }: Candidate) {
  return { value: candidate_id, label: `${display_name} (${plural(bids.length, "team")})` };
}
