import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { RotateCcw } from "lucide-react";
import type { LabRun } from "@/api/lab.ts";
import type { RemovedArtifact } from "@/api/types.ts";
import { requeue, runQuery } from "@/features/runs/queries.ts";
import { RecordLink } from "@/features/runs/record_link.tsx";
import { ReproductionPanel } from "@/features/runs/reproduction.tsx";
import { LAB_PAGES } from "@/features/runs/result_link.tsx";
import { RunStatusBadge } from "@/features/runs/run_status.tsx";
import { ServerCheck } from "@/features/runs/server_check.tsx";
import { bytes, plural, words } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { DataTable } from "@/ui/data_table.tsx";
import { Facts, Panel } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { When } from "@/ui/time.tsx";
import { LineageFigure } from "./lineage_figure.tsx";
import { DigestText } from "./page_header.tsx";

type Removed = NonNullable<LabRun["removed"]>;

export function titleOf({ title }: LabRun): string {
  return title.charAt(0).toUpperCase() + title.slice(1);
}

/** A run that ended well and whose results retention has removed since: what went, what stays, and how it comes again. */
export function RemovedResult({ item, removed }: { item: LabRun; removed: Removed }) {
  const run = useQuery(runQuery(item.run_id));
  return (
    <section className="grid gap-4" data-testid="removed">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="text-2xl font-semibold tracking-tight min-w-0 break-words">{titleOf(item)}</h1>
        <RunStatusBadge run={{ status: item.status, waits_for: null, is_dead_letter: false }} />
        <div className="ml-auto flex flex-wrap gap-2">
          <RecordLink runId={item.run_id} />
        </div>
      </header>
      <What item={item} removed={removed} />
      <div className="grid gap-4 lg:grid-cols-2 items-start">
        {run.data ? <ReproductionPanel run={run.data} /> : null}
        {run.data ? <ServerCheck run={run.data} /> : null}
      </div>
      {run.error ? <ProblemNote error={run.error} /> : null}
      <RemovedTable runId={item.run_id} removed={removed} />
      <LineageFigure run={item} />
    </section>
  );
}

function What({ item, removed }: { item: LabRun; removed: Removed }) {
  return (
    <Panel title="Removed by retention" aside={<RunAgain item={item} />}>
      <div className="grid gap-3">
        <p className="max-w-[80ch] text-ink-2 text-pretty">
          The run {item.status === "succeeded" ? "succeeded" : `ended as “${words(item.status)}”`}. What it
          left behind was removed afterwards, under a receipt that says why. What it was asked for, what it
          stands on, its attempts, its metrics and its last frame stay, and so do the digests of everything
          that went: run again from the same inputs and seed, it comes to the same bytes.
        </p>
        <Facts
          facts={[
            ["Ended", item.completed_at ? <When key="ended" at={item.completed_at} /> : "–"],
            ["Removed", <When key="removed" at={removed.removed_at} />],
            ["Why", removed.reason],
            [
              "Receipt",
              <code key="receipt" className="font-mono text-xs break-all">
                {removed.receipt_id}
              </code>,
            ],
          ]}
        />
      </div>
    </Panel>
  );
}

function RunAgain({ item }: { item: LabRun }) {
  const navigate = useNavigate();
  const again = useMutation({
    mutationFn: () => requeue(item.run_id),
    onSuccess: ({ run_id }) => navigate({ to: LAB_PAGES[item.run_kind], params: { runId: run_id } }),
  });
  return (
    <div className="flex items-center gap-2">
      {again.error ? <ProblemNote error={again.error} title="It was not submitted" /> : null}
      <Button size="sm" kind="primary" disabled={again.isPending} onClick={() => again.mutate()}>
        <RotateCcw aria-hidden /> {again.isPending ? "Submitting…" : "Run again"}
      </Button>
    </div>
  );
}

function RemovedTable({ runId, removed }: { runId: string; removed: Removed }) {
  return (
    <DataTable<RemovedArtifact>
      title="What was removed"
      sentence={`${plural(removed.artifacts.length, "artifact")}, as the receipt names them. A reproduction is compared with these digests.`}
      file={`${runId}-removed.csv`}
      rows={removed.artifacts}
      rowKey={({ name }) => name}
      columns={[
        { key: "name", label: "Artifact", isText: true, value: ({ name }) => words(name) },
        {
          key: "size_bytes",
          label: "Size",
          value: ({ size_bytes }) => size_bytes,
          show: ({ size_bytes }) => bytes(size_bytes),
        },
        {
          key: "digest",
          label: "Digest",
          value: ({ digest }) => digest,
          show: ({ digest, name }) => <DigestText digest={digest} label={`the digest of ${name}`} />,
        },
      ]}
    />
  );
}
