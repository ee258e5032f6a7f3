import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Artifact, RunDetail } from "@/api/types.ts";
import { bytes, count, plural, words } from "@/lib/format.ts";
import { CopyButton } from "@/ui/copy.tsx";
import { Loading, Panel, Stat, StatStrip } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { Badge } from "@/ui/status.tsx";
import { When } from "@/ui/time.tsx";
import { InputList } from "../inputs.tsx";
import { runQuery } from "../queries.ts";
import { ResultLink } from "../result_link.tsx";
import { Unknown } from "../unknown.tsx";
import { ArtifactContent, DigestCheck, typeWords } from "./artifact_content.tsx";
import { artifactQuery, contentQuery, type Looked } from "./artifact_queries.ts";
import { CopyLinkButton, DownloadButton } from "./download_button.tsx";

interface Props {
  artifactId: string;
  /** Who reads it, and where it stands among runs: known to those who know its run's kind. */
  uses: (artifact: Artifact, run: RunDetail) => ReactNode;
}

/** One artifact: what it is, what it holds, what it was made from, and who reads it. */
export function ArtifactPage({ artifactId, uses }: Props) {
  const artifact = useQuery(artifactQuery(artifactId));
  if (artifact.error) return <Unknown what="artifact" error={artifact.error} />;
  if (!artifact.data) return <Loading label="Loading the artifact" lines={6} />;
  return <Shown artifact={artifact.data} uses={uses} />;
}

function Shown({ artifact, uses }: { artifact: Artifact; uses: Props["uses"] }) {
  // What somebody has sent in was made by no run.
  const run = useQuery({ ...runQuery(artifact.run_id ?? ""), enabled: artifact.run_id !== undefined });
  const looked = useQuery(contentQuery(artifact));
  return (
    <div className="grid gap-5">
      <Header artifact={artifact} run={run.data} />
      <Summary artifact={artifact} looked={looked} />
      <div className="grid gap-5 xl:grid-cols-[minmax(0,1fr)_22rem] items-start">
        <ArtifactContent artifact={artifact} looked={looked} />
        <div className="grid gap-5 min-w-0">
          {run.error ? <ProblemNote error={run.error} /> : null}
          {run.data ? <MadeBy run={run.data} /> : null}
        </div>
      </div>
      {run.data ? uses(artifact, run.data) : null}
    </div>
  );
}

function Header({ artifact, run }: { artifact: Artifact; run: RunDetail | undefined }) {
  const { artifact_id, name, created_at } = artifact;
  return (
    <header className="flex flex-wrap items-start gap-3">
      <div className="grid gap-1 min-w-0 flex-1 basis-80">
        <p className="text-sm text-ink-3">
          {artifact.run_id === undefined ? (
            <Link to="/artifacts" className="hover:text-ink hover:underline">
              Files
            </Link>
          ) : (
            <>
              <Link to="/runs" className="hover:text-ink hover:underline">
                Runs
              </Link>{" "}
              /{" "}
              <Link
                to="/runs/$runId"
                params={{ runId: artifact.run_id }}
                className="hover:text-ink hover:underline"
              >
                {run?.title ?? "its run"}
              </Link>
            </>
          )}{" "}
          /
        </p>
        <h1 className="text-2xl font-semibold tracking-tight break-words">{words(name)}</h1>
        <p className="text-ink-2">
          {artifact.run_id === undefined
            ? "A file that somebody sent in"
            : "An artifact: what a run left behind"}
          , <When at={created_at} isBoth />. It never changes.
        </p>
      </div>
      <span className="flex flex-wrap gap-2">
        <CopyLinkButton artifactId={artifact_id} />
        <DownloadButton artifactId={artifact_id} name={name} kind="primary" />
      </span>
    </header>
  );
}

function Summary({ artifact, looked }: { artifact: Artifact; looked: UseQueryResult<Looked> }) {
  const { media_type, size_bytes, digest } = artifact;
  const table = looked.data?.table;
  const rows = looked.data?.parquet?.rows ?? (table && table.columns.length > 0 ? table.total : null);
  return (
    <StatStrip>
      <Stat label="Type" value={typeWords(media_type)} note={media_type} />
      <Stat label="Size" value={bytes(size_bytes)} note={plural(size_bytes, "byte")} />
      <Stat
        label="Rows"
        value={rows === null ? "–" : count(rows)}
        note={rows === null ? "It does not say that it has any" : (table?.path ?? undefined)}
      />
      <Stat
        label="Digest"
        value={
          <span className="font-mono text-sm" title={digest}>
            {digest.slice(0, 12)}… <CopyButton isBare text={digest} label="Copy the digest" />
          </span>
        }
        note={<DigestCheck artifact={artifact} looked={looked} />}
      />
    </StatStrip>
  );
}

function MadeBy({ run }: { run: RunDetail }) {
  return (
    <>
      <Panel title="Made by" aside={<ResultLink run={run} />}>
        <div className="grid gap-1.5 text-sm">
          <Link
            to="/runs/$runId"
            params={{ runId: run.run_id }}
            className="text-accent hover:underline font-medium break-words first-letter:uppercase"
          >
            {run.title}
          </Link>
          <p className="flex flex-wrap items-center gap-2 text-ink-3">
            <Badge status={run.status} /> {words(run.kind)}
          </p>
        </div>
      </Panel>
      <Panel title="Made from" isFlush>
        <InputList inputs={run.inputs} />
      </Panel>
    </>
  );
}
