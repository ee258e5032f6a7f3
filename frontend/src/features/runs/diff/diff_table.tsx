import type { Diff, DiffEntry } from "@/api/types.ts";
import { shortId, words } from "@/lib/format.ts";
import { DataTable } from "@/ui/data_table.tsx";
import { changeWord, keyOf } from "./diff_rows.tsx";
import { shown } from "./verdict.ts";

/** The rows as a table, and as CSV. */
export function DiffTable(props: { diff: Diff; entries: readonly DiffEntry[]; current: DiffEntry | null }) {
  const { diff, entries, current } = props;
  return (
    <DataTable
      title="Rows"
      sentence="What differs in both runs, in the order in which it is read."
      file={`runs-${shortId(diff.left.run_id)}-${shortId(diff.right.run_id)}.csv`}
      rows={entries}
      rowKey={keyOf}
      isChosen={(row) => row === current}
      columns={[
        { key: "change", label: "Change", value: ({ change }) => changeWord(change), isText: true },
        { key: "part", label: "Part", value: ({ part }) => words(part), isText: true, isWideOnly: true },
        { key: "row", label: "Row", value: ({ row }) => words(row), isText: true },
        { key: "label", label: "Name", value: ({ label }) => label, isText: true },
        { key: "path", label: "Place", value: ({ path }) => path, isText: true, isWideOnly: true },
        { key: "left_seq", label: "Left frame", value: ({ left_seq }) => left_seq },
        { key: "right_seq", label: "Right frame", value: ({ right_seq }) => right_seq },
        { key: "left", label: "Left", value: (row) => said(row, "left"), isText: true, isWideOnly: true },
        { key: "right", label: "Right", value: (row) => said(row, "right"), isText: true, isWideOnly: true },
      ]}
    />
  );
}

function said({ fields }: DiffEntry, side: "left" | "right"): string {
  return fields
    .filter((field) => field[side] !== undefined)
    .map((field) => `${field.name}: ${shown(field[side])}`)
    .join("; ");
}
