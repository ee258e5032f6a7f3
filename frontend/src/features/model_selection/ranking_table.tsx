import clsx from "clsx";
import { type ReactNode, useState } from "react";
import type { OverallEntry, RankEntry, RankingDetail } from "@/api/types.ts";
import { type Cell, download, toCsv } from "@/lib/csv.ts";
import { count, figure, percent, plural, signed, words } from "@/lib/format.ts";
import { inOrder, type Sorted, sortedNext } from "@/lib/sorting.ts";
import { Button } from "@/ui/button.tsx";
import { ModelName, useStatement } from "@/ui/model_name.tsx";
import { ScrollBox } from "@/ui/scroll_box.tsx";
import { inFieldNames } from "./folds_draft.ts";

type Entry = RankEntry | OverallEntry;
type Metric = RankingDetail["metric"];

/** A column of numbers: how a cell reads, and by what it sorts. */
interface Column {
  /** The metric's name on the wire, or the column's own. */
  key: Metric | "wins";
  label: string;
  value: (entry: Entry) => number | null | undefined;
  show: (entry: Entry) => ReactNode;
}

const inPercent = (value: number | null | undefined) => percent(value).replace(" %", "");

const NUMBERS: readonly Column[] = [
  {
    key: "rel_mae",
    label: "Rel. MAE",
    value: (e) => e.metrics?.rel_mae,
    show: (e) => figure(e.metrics?.rel_mae),
  },
  { key: "wape", label: "WAPE %", value: (e) => e.metrics?.wape, show: (e) => inPercent(e.metrics?.wape) },
  {
    key: "smape",
    label: "sMAPE %",
    value: (e) => e.metrics?.smape,
    show: (e) => inPercent(e.metrics?.smape),
  },
  { key: "mae", label: "MAE", value: (e) => e.metrics?.mae, show: (e) => figure(e.metrics?.mae) },
  { key: "rmse", label: "RMSE", value: (e) => e.metrics?.rmse, show: (e) => figure(e.metrics?.rmse) },
  // Of the bias the size counts.
  {
    key: "bias",
    label: "Bias",
    value: (e) => (e.metrics?.bias == null ? null : Math.abs(e.metrics.bias)),
    show: (e) => signed(e.metrics?.bias),
  },
  { key: "mase", label: "MASE", value: (e) => e.metrics?.mase, show: (e) => figure(e.metrics?.mase) },
  { key: "rmsse", label: "RMSSE", value: (e) => e.metrics?.rmsse, show: (e) => figure(e.metrics?.rmsse) },
];

const WEIGHTED: Column = {
  key: "wrmsse",
  label: "WRMSSE",
  // Of one series there is nothing to weigh.
  value: (e) => e.metrics?.wrmsse ?? e.metrics?.rmsse,
  show: (e) => figure(e.metrics?.wrmsse ?? e.metrics?.rmsse),
};

const PINBALL: Column = {
  key: "pinball",
  label: "Pinball",
  value: (e) => e.uncertainty?.scaled_pinball,
  show: (e) => (
    <span title={e.uncertainty ? `${words(e.uncertainty.kind)} intervals` : undefined}>
      {figure(e.uncertainty?.scaled_pinball)}
      {e.uncertainty ? (
        <span className="block text-xs text-ink-3 whitespace-nowrap">
          {percent(coverage80Percent(e), 1)} in 80 %
        </span>
      ) : null}
    </span>
  ),
};

const WINS: Column = {
  key: "wins",
  label: "Wins",
  // The most first, as the least is of errors.
  value: (e) => ("series_won" in e && e.included ? -e.series_won : null),
  show: (e) => ("series_won" in e ? `${count(e.series_won)} / ${count(e.series_ranked)}` : null),
};

const COLUMNS = [...NUMBERS, WEIGHTED, PINBALL, WINS];

const HEADER = [
  "rank",
  "model",
  "params",
  "rel_mae",
  "wape_percent",
  "smape_percent",
  "mae",
  "rmse",
  "bias",
  "mase",
  "rmsse",
  "wrmsse",
  "interval_kind",
  "coverage_80_percent",
  "interval_score",
  "scaled_pinball",
  "points",
  "excluded_because",
] as const;

function rankingRows(entries: readonly Entry[]): Cell[][] {
  return entries.map((entry) => {
    const quality = entry.uncertainty;
    return [
      entry.rank,
      entry.model_type,
      JSON.stringify(entry.params),
      entry.metrics?.rel_mae,
      entry.metrics?.wape,
      entry.metrics?.smape,
      entry.metrics?.mae,
      entry.metrics?.rmse,
      entry.metrics?.bias,
      entry.metrics?.mase,
      entry.metrics?.rmsse,
      entry.metrics?.wrmsse,
      quality?.kind,
      coverage80Percent(entry),
      quality?.interval_score,
      quality?.scaled_pinball,
      entry.metrics?.sample_size,
      entry.exclusion_reason,
    ];
  });
}

/** The share of outcomes inside the interval that should hold 80 %. */
function coverage80Percent({ uncertainty }: Entry): number | undefined {
  const observed = uncertainty?.coverage.find((each) => each.level === 0.8)?.observed;
  return observed === undefined ? undefined : 100 * observed;
}

/** Everyone's place. Those that were left out stay in the table, greyed, with the reason. */
export function RankingTable(props: {
  title: string;
  sentence: string;
  entries: readonly Entry[];
  file: string;
  metric: Metric;
  /** Whether the server says that somebody leads. */
  hasLeader: boolean;
}) {
  const { title, sentence, entries, file, metric, hasLeader } = props;
  const said = useStatement(entries.map((entry) => entry.model_type));
  // As they are ranked until somebody asks for another order.
  const [sorted, setSorted] = useState<Sorted | null>(null);
  const isOfMany = areOfMany(entries);
  const columns = columnsOf(entries, metric);
  const by = columns.find((column) => column.key === sorted?.by);
  const shown = by && sorted ? inOrder(entries, by.value, sorted.isDescending) : entries;
  return (
    <section className="bg-surface border border-line rounded-lg min-w-0" aria-label={title}>
      <header className="flex flex-wrap items-start gap-3 px-4 pt-3">
        <div className="min-w-0 flex-1 basis-72">
          <h2 className="text-sm font-semibold">{title}</h2>
          <p className="text-sm text-ink-2 text-pretty">{said(sentence)}</p>
        </div>
        <Button size="sm" onClick={() => download(file, toCsv(HEADER, rankingRows(entries)))}>
          CSV
        </Button>
      </header>
      <ScrollBox label={`${title}, table`} className="mt-2">
        <table className="w-full text-sm">
          <thead>
            <tr className="eyebrow border-y border-line [&>th]:px-2 [&>th]:h-8 [&>th]:whitespace-nowrap [&>th]:text-right">
              <th scope="col" className="w-10">
                #
              </th>
              <th scope="col" className="!text-left">
                Model
              </th>
              {columns.map(({ key, label }) => (
                <Head
                  key={key}
                  label={key === "wape" && isOfMany ? `Pooled ${label}` : label}
                  isKey={key === metric}
                  sorted={sorted?.by === key ? sorted : null}
                  onSort={() => setSorted(sortedNext(sorted, key))}
                />
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {shown.map((entry) => (
              <Row
                key={entry.key}
                entry={entry}
                columns={columns}
                isFirst={hasLeader && entry === entries[0]}
              />
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}

/** As many as fit beside each other from 1024 pixels on; the CSV has all. */
const USUAL: readonly Column["key"][] = ["rel_mae", "wape", "mae", "bias", "mase", "pinball", "wins"];

function areOfMany(entries: readonly Entry[]): boolean {
  return entries.some((entry) => "series_won" in entry && entry.series_ranked > 1);
}

/** The usual ones, and what it is ranked by. */
function columnsOf(entries: readonly Entry[], metric: Metric): Column[] {
  const isOfMany = areOfMany(entries);
  const hasIntervals = entries.some((entry) => entry.uncertainty);
  const isKnown = (column: Column) =>
    column.key === "wins" ? isOfMany : column.key !== "pinball" || hasIntervals;
  return COLUMNS.filter((column) => USUAL.includes(column.key) || column.key === metric).filter(isKnown);
}

/** `season additive, season length 12 · 360 points`: what it ran with, and how many points it was judged on. */
function detailOf({ params, metrics }: Entry): string {
  const given = Object.entries(params as Record<string, unknown>).filter(([, value]) => value !== null);
  const settings = given.map(([key, value]) => `${key.replaceAll("_", " ")} ${String(value)}`);
  const points = metrics ? [plural(metrics.sample_size, "point")] : [];
  return [settings.join(", "), ...points].filter((each) => each !== "").join(" · ");
}

function Head(props: { label: string; isKey: boolean; sorted: Sorted | null; onSort: () => void }) {
  const { label, isKey, sorted, onSort } = props;
  const isAscending = sorted ? !sorted.isDescending : isKey;
  const isShown = sorted !== null || isKey;
  return (
    <th
      scope="col"
      aria-sort={sorted ? (isAscending ? "ascending" : "descending") : undefined}
      className={isKey ? "text-ink" : ""}
    >
      <button type="button" onClick={onSort} title={isKey ? "It is ranked by this" : `Sort by ${label}`}>
        {label}
        {isShown ? (isAscending ? " ▲" : " ▼") : ""}
      </button>
    </th>
  );
}

function Row(props: { entry: Entry; columns: readonly Column[]; isFirst: boolean }) {
  const { entry, columns, isFirst } = props;
  const said = useStatement([entry.model_type]);
  return (
    <tr
      className={clsx(
        "[&>td]:px-2 [&>td]:py-1.5 [&>td]:text-right",
        !entry.included && "text-ink-3",
        isFirst && "bg-accent-wash",
      )}
      data-rank={entry.rank ?? "none"}
    >
      <td className="font-medium">{entry.rank ?? "–"}</td>
      <td className="!text-left min-w-44">
        <ModelName model={entry.model_type} className={clsx(isFirst && "font-semibold")} />
        <span className="block text-xs text-ink-3">{detailOf(entry)}</span>
        {entry.exclusion_reason ? (
          <span className="block text-xs">Left out: {inFieldNames(said(entry.exclusion_reason))}</span>
        ) : null}
      </td>
      {columns.map(({ key, show }) => (
        <td key={key} className="whitespace-nowrap">
          {show(entry)}
        </td>
      ))}
    </tr>
  );
}
