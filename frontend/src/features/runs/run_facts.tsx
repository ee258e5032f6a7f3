import { Link } from "@tanstack/react-router";
import type { Artifact, RunDetail } from "@/api/types.ts";
import {
  absoluteTime,
  bytes,
  decimal,
  duration,
  elapsedMs,
  shortDigest,
  shortId,
  words,
} from "@/lib/format.ts";
import { CopyButton } from "@/ui/copy.tsx";
import { Facts, Panel } from "@/ui/panel.tsx";
import { DownloadButton } from "./artifacts/download_button.tsx";
import { ChildrenPanel } from "./children_panel.tsx";
import { InputList } from "./inputs.tsx";
import { isOfOthers } from "./of_others.ts";
import { ReproductionPanel } from "./reproduction.tsx";
import { ServerCheck } from "./server_check.tsx";
import { Happenings } from "./timeline/happenings.tsx";

/** What the ledger knows of a run beside its frames. */
export function RunFacts({ run }: { run: RunDetail }) {
  return (
    <div className="grid gap-4 content-start">
      <Panel title="Run">
        <Facts facts={facts(run)} />
      </Panel>
      <ChildrenPanel run={run} />
      <ServerCheck run={run} />
      <ReproductionPanel run={run} />
      <Panel title="Artifacts" isFlush>
        <ArtifactList artifacts={run.artifacts} />
      </Panel>
      <Panel title="Inputs" isFlush>
        <InputList inputs={run.inputs} />
      </Panel>
      <Panel title="Attempts and timeline" isFlush>
        <Happenings run={run} />
      </Panel>
    </div>
  );
}

function seed({ seed }: RunDetail): [string, string] {
  return ["Seed", Number.isSafeInteger(seed) ? String(seed) : `about ${decimal(seed)}`];
}

function facts(run: RunDetail): [string, React.ReactNode][] {
  const rows: [string, React.ReactNode][] = [
    [
      "Kind",
      <Link key="kind" to="/runs" search={{ kind: run.kind }} className="text-accent hover:underline">
        {words(run.kind)}
      </Link>,
    ],
    ...(isOfOthers(run.kind) ? [] : [seed(run)]),
    ["Submitted", absoluteTime(run.created_at)],
    ["Waited", duration(elapsedMs(run.created_at, run.started_at))],
    ["Took", duration(elapsedMs(run.started_at, run.ended_at))],
    ["Frames", String(run.ledger.seq)],
    [
      "Ledger head",
      <span key="head" className="font-mono text-xs" title={run.ledger.head}>
        {shortDigest(run.ledger.head)}{" "}
        <CopyButton isBare text={run.ledger.head} label="Copy the ledger head" />
      </span>,
    ],
    [
      "Run id",
      <span key="id" className="font-mono text-xs" title={run.run_id}>
        …{shortId(run.run_id)} <CopyButton isBare text={run.run_id} label="Copy the run id" />
      </span>,
    ],
  ];
  rows.push([
    "Conversation",
    <Link
      key="conversation"
      to="/conversations/$conversationId"
      params={{ conversationId: run.conversation_id }}
      title={run.conversation_id}
      className="font-mono text-xs text-accent hover:underline"
    >
      …{shortId(run.conversation_id)}
    </Link>,
  ]);
  if (run.parent_run_id) rows.push(["Started by", <RunLink key="parent" runId={run.parent_run_id} />]);
  if (run.retry_of) rows.push(["Retry of", <RunLink key="retry" runId={run.retry_of} />]);
  return rows;
}

function RunLink({ runId }: { runId: string }) {
  return (
    <Link
      to="/runs/$runId"
      params={{ runId }}
      title={runId}
      className="font-mono text-xs text-accent hover:underline"
    >
      …{shortId(runId)}
    </Link>
  );
}

function ArtifactList({ artifacts }: { artifacts: readonly Artifact[] }) {
  if (artifacts.length === 0) {
    return (
      <p className="px-4 py-3 text-sm text-ink-3">
        None. A run that succeeds always leaves its metrics here.
      </p>
    );
  }
  return (
    <ul className="divide-y divide-line">
      {artifacts.map((artifact) => (
        <li key={artifact.artifact_id} className="px-4 py-2 flex flex-wrap items-center gap-2 text-sm">
          <div className="min-w-0 flex-1">
            <Link
              to="/artifacts/$artifactId"
              params={{ artifactId: artifact.artifact_id }}
              className="block font-medium truncate text-accent hover:underline"
            >
              {artifact.name}
            </Link>
            <div className="text-xs text-ink-3 num truncate" title={artifact.digest}>
              {bytes(artifact.size_bytes)} · <span className="font-mono">{shortDigest(artifact.digest)}</span>
            </div>
          </div>
          <DownloadButton
            artifactId={artifact.artifact_id}
            name={artifact.name}
            kind="quiet"
            size="icon"
            isBare
          />
        </li>
      ))}
    </ul>
  );
}
