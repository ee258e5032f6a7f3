import clsx from "clsx";
import type { OverallEntry, RankEntry, RankingDetail } from "@/api/types.ts";
import { type Cell, download, toCsv } from "@/lib/csv.ts";
import { count, decimal, percent, plural, quantity, signed, words } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { ModelName, useStatement } from "@/ui/model_name.tsx";
import { ScrollBox } from "@/ui/scroll_box.tsx";
import { isJudged } from "./judged.ts";

type Entry = RankEntry | OverallEntry;

const HEADER = [
  "rank",
  "model",
  "params",
  "wape_percent",
  "smape_percent",
  "mae",
  "bias",
  "mase",
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
      entry.metrics?.wape,
      entry.metrics?.smape,
      entry.metrics?.mae,
      entry.metrics?.bias,
      entry.metrics?.mase,
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
  metric: RankingDetail["metric"];
}) {
  const { title, sentence, entries, file, metric } = props;
  const said = useStatement(entries.map((entry) => entry.model_type));
  const hasWins = entries.some((entry) => "series_won" in entry && entry.series_ranked > 1);
  const hasQuality = entries.some((entry) => entry.uncertainty);
  const best = Math.max(...entries.map((entry) => entry.metrics?.wape ?? 0), 0.000_001);
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
              <Head label="WAPE %" isKey={metric === "wape"} />
              <Head label="sMAPE %" isKey={metric === "smape"} />
              <Head label="MAE" isKey={metric === "mae"} />
              <Head label="Bias" isKey={metric === "bias"} />
              <Head label="MASE" isKey={false} />
              {hasQuality ? <Head label="Interval score" isKey={false} /> : null}
              {hasWins ? <Head label="Wins" isKey={false} /> : null}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {entries.map((entry) => (
              <Row
                key={entry.key}
                entry={entry}
                hasWins={hasWins}
                hasQuality={hasQuality}
                isFirst={entry.rank === 1 && isJudged(metric, entry)}
                share={(entry.metrics?.wape ?? 0) / best}
              />
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}

/** `season additive, season length 12 · 360 points`: what it ran with, and how many points it was judged on. */
function detailOf({ params, metrics }: Entry): string {
  const given = Object.entries(params as Record<string, unknown>).filter(([, value]) => value !== null);
  const settings = given.map(([key, value]) => `${key.replaceAll("_", " ")} ${String(value)}`);
  const points = metrics ? [plural(metrics.sample_size, "point")] : [];
  return [settings.join(", "), ...points].filter((each) => each !== "").join(" · ");
}

function Head({ label, isKey }: { label: string; isKey: boolean }) {
  return (
    <th scope="col" aria-sort={isKey ? "ascending" : undefined} className={isKey ? "text-ink" : ""}>
      {label}
      {isKey ? " ▲" : ""}
    </th>
  );
}

function Row(props: {
  entry: Entry;
  hasWins: boolean;
  hasQuality: boolean;
  isFirst: boolean;
  share: number;
}) {
  const { entry, hasWins, hasQuality, isFirst, share } = props;
  const quality = entry.uncertainty;
  const { metrics } = entry;
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
          <span className="block text-xs">Left out: {entry.exclusion_reason}</span>
        ) : null}
      </td>
      <td>
        <span className="inline-flex items-center gap-2 justify-end">
          <span aria-hidden className="h-1.5 w-10 bg-line rounded-full overflow-hidden max-sm:hidden">
            <span
              className={clsx("block h-full", isFirst ? "bg-accent" : "bg-line-strong")}
              style={{ width: `${share * 100}%` }}
            />
          </span>
          {percent(metrics?.wape).replace(" %", "")}
        </span>
      </td>
      <td>{percent(metrics?.smape).replace(" %", "")}</td>
      <td>{quantity(metrics?.mae)}</td>
      <td>{signed(metrics?.bias)}</td>
      <td>{decimal(metrics?.mase, 2)}</td>
      {hasQuality ? (
        <td title={quality ? `${words(quality.kind)} intervals` : undefined}>
          {quantity(quality?.interval_score)}
          <span className="block text-xs text-ink-3 whitespace-nowrap">
            {percent(coverage80Percent(entry), 1)} in 80 %
          </span>
        </td>
      ) : null}
      {hasWins && "series_won" in entry ? (
        <td className="whitespace-nowrap">
          {count(entry.series_won)} / {count(entry.series_ranked)}
        </td>
      ) : null}
    </tr>
  );
}
