import { Download, LineChart, Table2 } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { type Cell, download, toCsv } from "@/lib/csv.ts";
import { Button } from "./button.tsx";

export interface FigureTable {
  header: readonly string[];
  rows: readonly (readonly Cell[])[];
  /** How a cell reads; the CSV keeps the plain value. */
  show?: (cell: Cell, column: number) => string;
}

/** Every figure of the product: a title, one sentence, the picture, the same numbers as a table, and their CSV. */
export function Figure(props: {
  title: string;
  sentence: ReactNode;
  file: string;
  table: FigureTable;
  aside?: ReactNode;
  children: ReactNode;
}) {
  const { title, sentence, file, table, aside, children } = props;
  const [isTable, setTable] = useState(false);
  const id = useId();
  return (
    <figure aria-labelledby={id} className="bg-surface border border-line rounded-lg min-w-0">
      <figcaption className="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 pt-3">
        <div className="min-w-0 flex-1 basis-72">
          <h2 id={id} className="text-sm font-semibold">
            {title}
          </h2>
          <p className="text-sm text-ink-2 text-pretty">{sentence}</p>
        </div>
        <div className="flex flex-wrap gap-1.5 items-center">
          {aside}
          <Button size="sm" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
            {isTable ? <LineChart aria-hidden /> : <Table2 aria-hidden />}
            {isTable ? "Chart" : "Table"}
          </Button>
          <Button size="sm" onClick={() => download(file, toCsv(table.header, table.rows))}>
            <Download aria-hidden /> CSV
          </Button>
        </div>
      </figcaption>
      <div className="p-4">{isTable ? <TableTwin title={title} table={table} /> : children}</div>
    </figure>
  );
}

function TableTwin({ title, table }: { title: string; table: FigureTable }) {
  const show = table.show ?? ((cell: Cell) => (cell === null || cell === undefined ? "–" : String(cell)));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section aria-label={`${title}, as a table`} tabIndex={0} className="overflow-auto max-h-96">
      <table className="w-full text-sm">
        <thead className="sticky top-0 bg-surface">
          <tr className="eyebrow border-b border-line">
            {table.header.map((name, at) => (
              <th key={name} scope="col" className={at === 0 ? "text-left h-8 pr-4" : "text-right h-8 pl-4"}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {table.rows.map((row) => (
            <tr key={row.join("|")}>
              {row.map((cell, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the columns of a table do not move
                <td key={at} className={at === 0 ? "py-1 pr-4" : "py-1 pl-4 text-right"}>
                  {show(cell, at)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
