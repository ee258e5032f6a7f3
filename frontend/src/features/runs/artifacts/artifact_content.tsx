import type { UseQueryResult } from "@tanstack/react-query";
import type { Artifact } from "@/api/types.ts";
import type { Cell } from "@/lib/csv.ts";
import { bytes, count, decimal, plural } from "@/lib/format.ts";
import { DataTable } from "@/ui/data_table.tsx";
import { JsonView } from "@/ui/json_view.tsx";
import { Facts, Loading, Panel } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { Glyph } from "@/ui/status.tsx";
import { contentUrl, type Looked, MOST_LOOKED_AT } from "./artifact_queries.ts";
import type { ArtifactTable } from "./artifact_table.ts";
import type { TextHead } from "./artifact_text.ts";

/** A media type in a word. */
export function typeWords(mediaType: string): string {
  return (
    TYPES[mediaType] ??
    (mediaType.startsWith("image/") ? "Picture" : mediaType.startsWith("text/") ? "Text" : "Bytes")
  );
}

const TYPES: Record<string, string> = {
  "application/json": "JSON",
  "application/x-ndjson": "JSON lines",
  "application/vnd.apache.parquet": "Parquet",
  "text/csv": "CSV",
};

/** Whether the bytes that came are those the ledger knows. */
export function DigestCheck({ artifact, looked }: { artifact: Artifact; looked: UseQueryResult<Looked> }) {
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

/** What an artifact holds, as far as it can be looked at: a picture, text, values and rows, or the columns of a table. */
export function ArtifactContent({
  artifact,
  looked,
}: {
  artifact: Artifact;
  looked: UseQueryResult<Looked>;
}) {
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
  const { table, parquet, text } = looked.data;
  return (
    <div className="grid gap-5 min-w-0" data-testid="content">
      {isPicture(artifact) ? <Picture artifact={artifact} /> : null}
      {text === null ? null : <Text artifact={artifact} text={text} />}
      {table && table.facts.length > 0 ? (
        <Panel title="Single values">
          <Facts facts={table.facts.map(([name, value]) => [name, shown(value)] as const)} />
        </Panel>
      ) : null}
      {table && table.columns.length > 0 ? <FirstRows artifact={artifact} table={table} /> : null}
      {parquet || (table && table.columns.length > 0) ? (
        <Schema artifact={artifact} columns={parquet?.columns ?? table?.columns ?? []} />
      ) : null}
      {table || parquet || text !== null || isPicture(artifact) ? null : (
        <Panel title="What it holds">
          <p className="text-sm text-ink-2">Bytes that only the program reads; nothing of them is shown.</p>
        </Panel>
      )}
    </div>
  );
}

function isPicture({ media_type }: Artifact): boolean {
  return media_type.startsWith("image/");
}

function Picture({ artifact: { artifact_id, name } }: { artifact: Artifact }) {
  return (
    <Panel title="What it shows">
      <img src={contentUrl(artifact_id)} alt={name} className="max-w-full max-h-[32rem]" />
    </Panel>
  );
}

function Text({ artifact, text: { head, lines, linesTotal } }: { artifact: Artifact; text: TextHead }) {
  return (
    <Panel
      title={
        lines === linesTotal ? "What it says" : `The first ${count(lines)} of ${plural(linesTotal, "line")}`
      }
    >
      <JsonView value={head} label={`Text of ${artifact.name}`} />
    </Panel>
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
