import { Link } from "@tanstack/react-router";
import type { Retention } from "@/api/types.ts";
import { absoluteTime, bytes, count, plural, words } from "@/lib/format.ts";
import { DataTable } from "@/ui/data_table.tsx";
import { Panel, Stat, StatStrip } from "@/ui/panel.tsx";
import { When } from "@/ui/time.tsx";

type Going = Retention["going"][number];
type Staying = Retention["staying"][number];

/** What goes and what stays, each with why; after it was done, with the receipts. */
export function RetentionFound({ found }: { found: Retention }) {
  const { is_applied, going, staying, ended_before } = found;
  return (
    <div className="grid gap-5" data-testid="retention" data-applied={is_applied}>
      <p role="status" className="font-medium">
        {is_applied ? "Removed." : "Nothing was changed."} Runs that ended before {absoluteTime(ended_before)}{" "}
        were looked at{found.is_cut ? "; there are more, which come with the next request" : ""}.
      </p>
      <StatStrip>
        <Stat label={is_applied ? "Runs emptied" : "Runs to empty"} value={count(going.length)} />
        <Stat label="Stay" value={count(staying.length)} note="As old, and somebody stands on them" />
        <Stat
          label="Stored objects"
          value={bytes(found.object_bytes)}
          note={`${plural(found.objects, "object")} that nothing refers to then${
            found.objects_left > 0
              ? `; ${count(found.objects_left)} left while a run is at work or as new as an hour, the next retention takes them`
              : ""
          }`}
        />
        <Stat
          label="Stored results"
          value={bytes(found.shard_result_bytes)}
          note={`${plural(found.shard_results, "piece")} of work that nobody has used since`}
        />
      </StatStrip>
      {going.length > 0 ? <GoingTable going={going} isDone={is_applied} /> : null}
      {staying.length > 0 ? <StayingTable staying={staying} /> : null}
      {going.length + staying.length === 0 ? (
        <Panel>
          <p className="text-sm text-ink-2">No run is as old as that.</p>
        </Panel>
      ) : null}
    </div>
  );
}

/** What goes, in one sentence. */
export function removedSentence({ going, shard_results }: Retention): string {
  const artifacts = going.reduce((sum, run) => sum + run.artifacts, 0);
  const size = going.reduce((sum, run) => sum + run.artifact_bytes, 0);
  const runs = `${plural(artifacts, "artifact")} of ${plural(going.length, "run")} (${bytes(size)})`;
  return shard_results > 0 ? `${runs} and ${plural(shard_results, "stored result")} go.` : `${runs} go.`;
}

const RUN = {
  key: "run",
  label: "Run",
  isText: true,
  value: ({ title }: { title: string }) => title,
  show: ({ title, run_id }: { title: string; run_id: string }) => (
    <Link
      to="/runs/$runId"
      params={{ runId: run_id }}
      className="text-accent hover:underline inline-block first-letter:uppercase"
    >
      {title}
    </Link>
  ),
};
const KIND = {
  key: "kind",
  label: "Kind",
  isText: true,
  isWideOnly: true,
  value: ({ kind }: { kind: string }) => words(kind),
};
const ENDED = {
  key: "ended_at",
  label: "Ended",
  isWideOnly: true,
  value: ({ ended_at }: { ended_at: string }) => ended_at,
  show: ({ ended_at }: { ended_at: string }) => <When at={ended_at} />,
};

function GoingTable({ going, isDone }: { going: readonly Going[]; isDone: boolean }) {
  return (
    <DataTable<Going>
      title={isDone ? "What went" : "What would go"}
      sentence={
        isDone
          ? "The oldest first, each with its receipt. The runs themselves stay, with their metrics."
          : "The oldest first. The runs themselves stay, with their metrics; their artifacts and the bodies of their frames go."
      }
      file="retention-going.csv"
      rows={going}
      rowKey={({ run_id }) => run_id}
      columns={[
        RUN,
        KIND,
        ENDED,
        { key: "artifacts", label: "Artifacts", value: ({ artifacts }) => artifacts },
        {
          key: "artifact_bytes",
          label: "Size",
          value: ({ artifact_bytes }) => artifact_bytes,
          show: ({ artifact_bytes }) => bytes(artifact_bytes),
        },
        { key: "frames", label: "Frames", isWideOnly: true, value: ({ frames }) => frames },
        ...(isDone
          ? [
              {
                key: "receipt_id",
                label: "Receipt",
                isText: true,
                value: ({ receipt_id }: Going) => receipt_id,
                show: ({ receipt_id }: Going) => (
                  <code className="font-mono text-xs break-all">{receipt_id}</code>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}

function StayingTable({ staying }: { staying: readonly Staying[] }) {
  return (
    <DataTable<Staying>
      title="What stays, and why"
      sentence="As old, and kept whole: another run, a candidate, a cohort or a registered model stands on it, or it is among the newest."
      file="retention-staying.csv"
      rows={staying}
      rowKey={({ run_id }) => run_id}
      columns={[
        RUN,
        KIND,
        ENDED,
        { key: "reason", label: "Why it stays", isText: true, value: ({ reason }) => reason },
      ]}
    />
  );
}
