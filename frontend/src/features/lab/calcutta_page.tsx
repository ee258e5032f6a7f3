import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Entry, Resolution, Snapshot, SnapshotItem } from "@/api/lab.ts";
import { plural, words } from "@/lib/format.ts";
import { buttonClass } from "@/ui/button.tsx";
import { DataTable } from "@/ui/data_table.tsx";
import { SelectField } from "@/ui/field.tsx";
import { When } from "@/ui/time.tsx";
import { makeSnapshot } from "./actions.ts";
import { Answered } from "./answered.tsx";
import { BidSheetPanel } from "./bid_sheet_panel.tsx";
import { BidsTable } from "./candidate_page.tsx";
import { DigestText, PageHeader } from "./page_header.tsx";
import { calcuttaQuery, resolveQuery, snapshotQuery } from "./queries.ts";
import { RulesPanels } from "./rules_panels.tsx";
import { LabRunList } from "./run_list.tsx";
import { StartPanel, type Step } from "./start_panel.tsx";
import { useTeams } from "./teams.ts";

interface Props {
  calcuttaId: string;
  /** The snapshot that is shown; `null`: the auction as it was imported. */
  snapshot: string | null;
  entry: string | null;
  step: Step;
  onChange: (change: { snapshot?: string; entry?: string; step?: Step }) => void;
}

/** One auction: its rules and bids as they were, and what can be computed on it. */
export function CalcuttaPage(props: Props) {
  const calcutta = useQuery(calcuttaQuery(props.calcuttaId));
  const resolution = useQuery(resolveQuery(props.calcuttaId));
  return (
    <Answered query={calcutta} label="Loading the auction" page="auction">
      {(data) => (
        <div className="grid gap-5">
          <PageHeader
            title={data.name}
            sentence="A sealed auction: everybody bids points on teams, a team belongs to its bidders in proportion to their bids, and its points are shared between them. Most points win."
            aside={
              <Link
                to="/lab/tournaments/$tournamentId"
                params={{ tournamentId: data.tournament_id }}
                className={buttonClass("plain", "sm")}
              >
                Tournament
              </Link>
            }
          />
          <SnapshotPart
            {...props}
            snapshotId={props.snapshot ?? data.snapshot_id}
            snapshots={data.snapshots}
            resolution={resolution.data ?? null}
          />
        </div>
      )}
    </Answered>
  );
}

function SnapshotPart(
  props: Props & {
    snapshotId: string;
    snapshots: readonly SnapshotItem[];
    resolution: Resolution | null;
  },
) {
  const { calcuttaId, snapshotId, snapshots, resolution, step, onChange } = props;
  const snapshot = useQuery(snapshotQuery(snapshotId));
  return (
    <div className="grid gap-5 xl:grid-cols-[minmax(0,1fr)_24rem] items-start">
      <div className="grid gap-5 min-w-0">
        <SnapshotChoice
          chosen={snapshotId}
          snapshots={snapshots}
          onChoose={(id) => onChange({ snapshot: id })}
        />
        <Answered query={snapshot} label="Loading the bids">
          {(data) => (
            <Content
              snapshot={data}
              entry={props.entry}
              onEntry={(entry) => onChange({ entry })}
              onSnapshot={(id) => onChange({ snapshot: id })}
            />
          )}
        </Answered>
        <SnapshotTable calcuttaId={calcuttaId} snapshots={snapshots} chosen={snapshotId} />
      </div>
      <div className="grid gap-5 min-w-0">
        {resolution && snapshot.data ? (
          <StartPanel
            // What was chosen on another snapshot says nothing of this one.
            key={snapshotId}
            resolution={resolution}
            snapshot={snapshot.data}
            step={step}
            onStep={(next) => onChange({ step: next })}
          />
        ) : null}
        {snapshot.data ? <BidSheetPanel key={`bids-${snapshotId}`} snapshot={snapshot.data} /> : null}
        <LabRunList
          title="Runs on this auction"
          filter={{ calcutta_id: calcuttaId }}
          empty="None yet. First say who beats whom, on the page of the tournament; then what others bid, here."
        />
      </div>
    </div>
  );
}

function SnapshotChoice(props: {
  chosen: string;
  snapshots: readonly SnapshotItem[];
  onChoose: (snapshotId: string) => void;
}) {
  const { chosen, snapshots, onChoose } = props;
  if (snapshots.length < 2) return null;
  return (
    <div className="max-w-96">
      <SelectField
        label="Snapshot"
        hint="The auction as it was; an edit makes another"
        value={chosen}
        onChange={onChoose}
        options={snapshots.map((each) => ({ value: each.snapshot_id, label: snapshotLabel(each) }))}
      />
    </div>
  );
}

function snapshotLabel({ snapshot_type, description, entry_count, snapshot_id }: SnapshotItem): string {
  const what = description ?? words(snapshot_type);
  return `${what} · ${plural(entry_count, "entry", "entries")} · …${snapshot_id.slice(-4)}`;
}

function Content(props: {
  snapshot: Snapshot;
  entry: string | null;
  onEntry: (entryId: string) => void;
  onSnapshot: (snapshotId: string) => void;
}) {
  const { snapshot, entry, onEntry, onSnapshot } = props;
  const queries = useQueryClient();
  const teams = useTeams(snapshot.tournament_id);
  const { content } = snapshot;
  const shown = content.entries.find(({ entry_id }) => entry_id === entry);
  return (
    <>
      <RulesPanels
        // The rules that are being replaced are those of this snapshot.
        key={snapshot.snapshot_id}
        content={content}
        save={async (rules) => {
          const base_snapshot_id = snapshot.snapshot_id;
          const made = await makeSnapshot({ base_snapshot_id, description: "Other rules", ...rules });
          for (const key of ["calcutta", "resolve"]) {
            await queries.invalidateQueries({ queryKey: ["lab", key] });
          }
          onSnapshot(made.snapshot_id);
        }}
      />
      {shown ? (
        <BidsTable
          title={`Bids of ${shown.display_name}`}
          file={`bids-${shown.entry_id}.csv`}
          bids={shown.bids}
          teams={teams}
        />
      ) : null}
      <EntryTable snapshot={snapshot} chosen={entry} onEntry={onEntry} />
    </>
  );
}

function EntryTable(props: {
  snapshot: Snapshot;
  chosen: string | null;
  onEntry: (entryId: string) => void;
}) {
  const { snapshot, chosen, onEntry } = props;
  const spent = ({ bids }: Entry) => bids.reduce((sum, { bid_points }) => sum + bid_points, 0);
  const { entries } = snapshot.content;
  return (
    <DataTable<Entry>
      title="Entries"
      sentence={`${plural(entries.length, "entry", "entries")}, in the order they came. Choose one to see its bids.`}
      file={`entries-${snapshot.snapshot_id}.csv`}
      rows={entries}
      rowKey={({ entry_id }) => entry_id}
      isChosen={({ entry_id }) => entry_id === chosen}
      columns={[
        {
          key: "entry",
          label: "Entry",
          isText: true,
          value: ({ display_name }) => display_name,
          show: ({ display_name, entry_id }) => (
            <button
              type="button"
              className="text-accent hover:underline text-left min-h-6 min-w-6"
              onClick={() => onEntry(entry_id)}
            >
              {display_name}
            </button>
          ),
        },
        {
          key: "candidate",
          label: "From",
          isText: true,
          value: ({ candidate_id }) => candidate_id,
          show: ({ candidate_id }) =>
            candidate_id ? (
              <Link
                to="/lab/candidates/$candidateId"
                params={{ candidateId: candidate_id }}
                className="text-accent hover:underline"
              >
                Candidate
              </Link>
            ) : (
              "Person"
            ),
        },
        { key: "teams", label: "Teams", value: ({ bids }) => bids.length },
        { key: "bid_points", label: "Points bid", value: spent },
      ]}
    />
  );
}

function SnapshotTable(props: { calcuttaId: string; snapshots: readonly SnapshotItem[]; chosen: string }) {
  const { calcuttaId, snapshots, chosen } = props;
  return (
    <DataTable<SnapshotItem>
      title="Snapshots"
      sentence="The auction as it was at some moment. A snapshot never changes: an edit, or a candidate that joins, makes another."
      file={`snapshots-${calcuttaId}.csv`}
      rows={snapshots}
      rowKey={({ snapshot_id }) => snapshot_id}
      isChosen={({ snapshot_id }) => snapshot_id === chosen}
      columns={[
        {
          key: "snapshot",
          label: "Snapshot",
          isText: true,
          value: ({ description, snapshot_type }) => description ?? words(snapshot_type),
          show: (each) => (
            <Link
              to="/lab/calcuttas/$calcuttaId"
              params={{ calcuttaId }}
              search={{ snapshot: each.snapshot_id }}
              className="text-accent hover:underline"
            >
              {each.description ?? words(each.snapshot_type)}
            </Link>
          ),
        },
        { key: "entries", label: "Entries", value: ({ entry_count }) => entry_count },
        {
          key: "digest",
          label: "Digest",
          isWideOnly: true,
          value: ({ digest }) => digest,
          show: ({ digest }) => <DigestText digest={digest} label="the digest of the snapshot" />,
        },
        {
          key: "created_at",
          label: "Made",
          isWideOnly: true,
          value: ({ created_at }) => created_at,
          show: ({ created_at }) => <When at={created_at} />,
        },
      ]}
    />
  );
}
