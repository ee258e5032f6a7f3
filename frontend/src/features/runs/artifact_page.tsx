import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Download } from "lucide-react";
import type { ReactNode } from "react";
import type { Artifact, RunDetail } from "@/api/types.ts";
import type { Cell } from "@/lib/csv.ts";
import { bytes, count, decimal, plural, words } from "@/lib/format.ts";
import { buttonClass } from "@/ui/button.tsx";
import { CopyButton } from "@/ui/copy.tsx";
import { DataTable } from "@/ui/data_table.tsx";
import { Facts, Loading, Panel, Stat, StatStrip } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { Badge, Glyph } from "@/ui/status.tsx";
import { When } from "@/ui/time.tsx";
import { artifactQuery, contentQuery, contentUrl, type Looked, MOST_LOOKED_AT } from "./artifact_queries.ts";
import type { ArtifactTable } from "./artifact_table.ts";
import { InputList } from "./inputs.tsx";
import { runQuery } from "./queries.ts";
import { ResultLink } from "./result_link.tsx";
import { Unknown } from "./unknown.tsx";

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
  const run = useQuery(runQuery(artifact.run_id));
  const looked = useQuery(contentQuery(artifact));
  return (
    <div className="grid gap-5">
      <Header artifact={artifact} run={run.data} />
      <Summary artifact={artifact} looked={looked} />
      <div className="grid gap-5 xl:grid-cols-[minmax(0,1fr)_22rem] items-start">
        <Content artifact={artifact} looked={looked} />
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
          </Link>{" "}
          /
        </p>
        <h1 className="text-2xl font-semibold tracking-tight break-words">{words(name)}</h1>
        <p className="text-ink-2">
          An artifact: what a run left behind, <When at={created_at} isBoth />. It never changes.
        </p>
      </div>
      <a className={buttonClass("primary")} href={contentUrl(artifact_id)} download={name}>
        <Download aria-hidden /> Download
      </a>
    </header>
  );
}

function Summary({ artifact, looked }: { artifact: Artifact; looked: UseQueryResult<Looked> }) {
  const { media_type, size_bytes, digest } = artifact;
  const table = looked.data?.table;
  const rows = looked.data?.parquet?.rows ?? (table && table.columns.length > 0 ? table.total : null);
  return (
    <StatStrip>
      <Stat label="Type" value={TYPES[media_type] ?? "Bytes"} note={media_type} />
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

const TYPES: Record<string, string> = {
  "application/json": "JSON",
  "application/x-ndjson": "JSON lines",
  "application/vnd.apache.parquet": "Parquet",
  "application/octet-stream": "Bytes",
};

function DigestCheck({ artifact, looked }: { artifact: Artifact; looked: UseQueryResult<Looked> }) {
  if (!looked.data) return <>SHA-256 of its bytes</>;
  const isSame = looked.data.digest === artifact.digest;
  return (
    <span
      className={`inline-flex items-center gap-1 ${isSame ? "text-pass" : "text-fail"}`}
      data-testid="digest"
      data-state={isSame ? "verified" : "failed"}
    >
      <Glyph status={isSame ? "pass" : "fail"} />
      {isSame ? "Verified here: the bytes have it" : "The bytes that came have another"}
    </span>
  );
}

function Content({ artifact, looked }: { artifact: Artifact; looked: UseQueryResult<Looked> }) {
  if (artifact.size_bytes > MOST_LOOKED_AT) {
    return (
      <Panel title="What it holds">
        <p className="text-sm text-ink-2">
          It has more than {bytes(MOST_LOOKED_AT)}, which is not loaded to be looked at. Download it to read
          it.
        </p>
      </Panel>
    );
  }
  if (looked.error) return <ProblemNote error={looked.error} title="It cannot be looked at" />;
  if (!looked.data) return <Loading label="Loading what it holds" />;
  const { table, parquet } = looked.data;
  return (
    <div className="grid gap-5 min-w-0">
      {table && table.facts.length > 0 ? (
        <Panel title="Single values">
          <Facts facts={table.facts.map(([name, value]) => [name, shown(value)] as const)} />
        </Panel>
      ) : null}
      {table && table.columns.length > 0 ? <FirstRows artifact={artifact} table={table} /> : null}
      {parquet || (table && table.columns.length > 0) ? (
        <Schema artifact={artifact} columns={parquet?.columns ?? table?.columns ?? []} />
      ) : null}
      {table || parquet ? null : (
        <Panel title="What it holds">
          <p className="text-sm text-ink-2">Bytes that only the program reads; nothing of them is shown.</p>
        </Panel>
      )}
    </div>
  );
}

function shown(cell: Cell): string {
  if (typeof cell !== "number") return cell ?? "–";
  return Number.isInteger(cell) ? count(cell) : decimal(cell, Math.abs(cell) < 1 ? 6 : 3);
}

function FirstRows({ artifact, table }: { artifact: Artifact; table: ArtifactTable }) {
  const { columns, rows, total } = table;
  return (
    <DataTable<Cell[]>
      title="First rows"
      sentence={`${rows.length === total ? "All" : `The first ${count(rows.length)}`} of ${plural(total, "row")}; the download has everything.`}
      file={`${artifact.name}-first-rows.csv`}
      rows={rows}
      rowKey={(row) => row.join("|")}
      columns={columns.map(({ name, type }, at) => ({
        key: name,
        label: name,
        isText: !type.includes("number"),
        value: (row) => row[at],
        show: (row) => <ShortCell cell={row[at]} />,
      }))}
    />
  );
}

/** A row stays a line: what is longer is cut, and whole in the tooltip and in the CSV. */
function ShortCell({ cell }: { cell: Cell }) {
  const text = shown(cell);
  return (
    <span className="inline-block align-bottom max-w-56 truncate" title={text}>
      {text}
    </span>
  );
}

function Schema(props: { artifact: Artifact; columns: readonly { name: string; type: string }[] }) {
  return (
    <DataTable<{ name: string; type: string }>
      title="Schema"
      sentence="Each column with what stands in it, as the bytes say; a point leads into a value."
      file={`${props.artifact.name}-schema.csv`}
      rows={props.columns}
      rowKey={({ name }) => name}
      columns={[
        { key: "column", label: "Column", isText: true, value: ({ name }) => name },
        { key: "type", label: "Type", isText: true, value: ({ type }) => type },
      ]}
    />
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
