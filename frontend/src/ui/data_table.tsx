import clsx from "clsx";
import { Download } from "lucide-react";
import { type ReactNode, useState } from "react";
import { type Cell, download, toCsv } from "@/lib/csv.ts";
import { inOrder, type Sorted, sortedNext } from "@/lib/sorting.ts";
import { Button } from "./button.tsx";
import { ScrollBox } from "./scroll_box.tsx";

/** One column: what it holds, and how that reads. */
interface DataColumn<Row> {
  /** Its name in the CSV, with the unit where it has one. */
  key: string;
  label: string;
  /** What the heading means, for the tooltip. */
  about?: string;
  value: (row: Row) => Cell;
  /** How it reads; the value itself if nothing is said. */
  show?: (row: Row) => ReactNode;
  isText?: boolean;
  /** Left out where a phone has no room; the CSV has it. */
  isWideOnly?: boolean;
}

interface Props<Row> {
  title: string;
  sentence: ReactNode;
  file: string;
  columns: readonly DataColumn<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  isChosen?: (row: Row) => boolean;
  aside?: ReactNode;
  /** A last row that sums up, cell by cell. */
  total?: readonly ReactNode[];
}

/** Rows of figures with a title, one sentence, columns that sort, and their CSV. */
export function DataTable<Row>(props: Props<Row>) {
  const { title, sentence, file, columns, rows, aside } = props;
  const save = () =>
    download(
      file,
      toCsv(
        columns.map(({ key }) => key),
        rows.map((row) => columns.map(({ value }) => value(row))),
      ),
    );
  return (
    <section className="bg-surface border border-line rounded-lg min-w-0" aria-label={title}>
      <header className="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 pt-3 pb-2">
        <div className="min-w-0 flex-1 basis-72">
          <h2 className="text-sm font-semibold">{title}</h2>
          <p className="text-sm text-ink-2 text-pretty">{sentence}</p>
        </div>
        <div className="flex flex-wrap gap-1.5 items-center print:hidden">
          {aside}
          <Button size="sm" onClick={save}>
            <Download aria-hidden /> CSV
          </Button>
        </div>
      </header>
      <ScrollBox label={`${title}, table`}>
        <Table {...props} />
      </ScrollBox>
    </section>
  );
}

const CELLS = "[&>*]:px-3 max-sm:[&>*]:px-1.5 [&>*:first-child]:pl-4 [&>*:last-child]:pr-4";

function Table<Row>({ columns, rows, rowKey, isChosen, total }: Props<Row>) {
  const [sorted, setSorted] = useState<Sorted | null>(null);
  const by = columns.find(({ key }) => key === sorted?.by);
  const shown = by && sorted ? inOrder(rows, by.value, sorted.isDescending) : rows;
  return (
    <table className="w-full text-sm">
      <thead>
        <tr className={clsx("eyebrow border-y border-line [&>th]:h-8 [&>th]:whitespace-nowrap", CELLS)}>
          {columns.map((column) => (
            <Head
              key={column.key}
              column={column}
              sorted={sorted?.by === column.key ? sorted : null}
              onSort={() => setSorted(sortedNext(sorted, column.key))}
            />
          ))}
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {shown.map((row) => (
          <tr
            key={rowKey(row)}
            data-row={rowKey(row)}
            className={clsx("[&>*]:py-1.5", CELLS, isChosen?.(row) && "bg-accent-wash")}
          >
            {columns.map((column, at) => (
              <DataCell key={column.key} column={column} row={row} isFirst={at === 0} />
            ))}
          </tr>
        ))}
      </tbody>
      {total ? (
        <tfoot>
          <tr className={clsx("border-t border-line-strong font-medium [&>*]:py-1.5", CELLS)}>
            {columns.map((column, at) => (
              <td key={column.key} className={sideOf(column, at === 0)}>
                {total[at]}
              </td>
            ))}
          </tr>
        </tfoot>
      ) : null}
    </table>
  );
}

function Head<Row>(props: { column: DataColumn<Row>; sorted: Sorted | null; onSort: () => void }) {
  const { column, sorted, onSort } = props;
  return (
    <th
      scope="col"
      aria-sort={sorted ? (sorted.isDescending ? "descending" : "ascending") : undefined}
      className={clsx(sideOf(column, false), sorted && "text-ink")}
    >
      <button type="button" onClick={onSort} title={column.about ?? `Sort by ${column.label}`}>
        {column.label}
        {sorted ? (sorted.isDescending ? " ▼" : " ▲") : ""}
      </button>
    </th>
  );
}

function DataCell<Row>({ column, row, isFirst }: { column: DataColumn<Row>; row: Row; isFirst: boolean }) {
  const value = column.show ? column.show(row) : (column.value(row) ?? "–");
  const side = sideOf(column, isFirst);
  return isFirst ? (
    <th scope="row" className={clsx(side, "font-normal")}>
      {value}
    </th>
  ) : (
    <td className={side}>{value}</td>
  );
}

function sideOf<Row>({ isText, isWideOnly }: DataColumn<Row>, isFirst: boolean): string {
  return clsx(
    isText ? "text-left" : "num text-right whitespace-nowrap",
    isText && isFirst && "min-w-32",
    isWideOnly && "max-sm:hidden",
  );
}
