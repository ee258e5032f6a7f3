import { Download } from "lucide-react";
import type { FleetResult, FleetStanding } from "@/api/types.ts";
import { download, toCsv } from "@/lib/csv.ts";
import { count, decimal, percent } from "@/lib/format.ts";
import { percents } from "@/lib/percents.ts";
import { Button } from "@/ui/button.tsx";
import { ModelName } from "@/ui/model_name.tsx";

const HEADER = ["model", "why", "mase", "mase_error", "pooled_wape_percent", "weight", "series"] as const;

/** How the weighted forecast and each candidate did on the folds. */
export function StandingsTable({ result, file }: { result: FleetResult; file: string }) {
  const { standings } = result;
  // The first one is what the others make together.
  const shares = percents(standings.slice(1).map(({ weight }) => weight));
  const save = () => download(file, toCsv(HEADER, standings.map(cells)));
  return (
    <section className="bg-surface border border-line rounded-lg min-w-0" aria-label="Standings">
      <header className="flex flex-wrap items-start gap-3 px-4 pt-3">
        <div className="min-w-0 flex-1 basis-72">
          <h2 className="text-sm font-semibold">Who did how well on the folds</h2>
          <p className="text-sm text-ink-2 text-pretty">{sentenceOf(result)}</p>
        </div>
        <Button size="sm" onClick={save}>
          <Download aria-hidden /> CSV
        </Button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section aria-label="Standings, table" tabIndex={0} className="overflow-x-auto mt-2">
        <table className="w-full text-sm">
          <thead>
            <tr className="eyebrow border-y border-line [&>th]:px-3 max-sm:[&>th]:px-1.5 [&>th]:h-8 [&>th]:text-right [&>th]:whitespace-nowrap">
              <th scope="col" className="!text-left">
                Model
              </th>
              <th scope="col">MASE</th>
              <th scope="col">Pooled WAPE</th>
              <th scope="col">Weight</th>
              <th scope="col" className="max-sm:hidden" title="Series that have a MASE">
                Series
              </th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {standings.map((standing, at) => (
              <Row
                key={standing.model_type ?? ""}
                standing={standing}
                share={at === 0 ? 100 : shares[at - 1]}
              />
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

function Row({ standing, share }: { standing: FleetStanding; share: number | undefined }) {
  const { model_type, why, mase, mase_error, wape, series } = standing;
  const name = model_type ? <ModelName model={model_type} /> : "Weighted forecast";
  return (
    <tr
      className={`[&>td]:px-3 max-sm:[&>td]:px-1.5 [&>td]:py-1.5 [&>td]:text-right [&>td]:align-top ${model_type ? "" : "bg-accent-wash"}`}
      data-model={model_type ?? "weighted"}
    >
      <th scope="row" className="px-3 max-sm:pr-1 py-1.5 text-left font-normal sm:min-w-44">
        <span className={model_type ? "font-medium" : "font-semibold"}>{name}</span>
        <span className="block text-xs text-ink-2 text-pretty">{why}</span>
      </th>
      <td className="num whitespace-nowrap">
        {decimal(mase, 3)}
        {mase_error == null ? "" : ` ± ${decimal(mase_error, 3)}`}
      </td>
      <td className="num whitespace-nowrap">{percent(wape)}</td>
      <td className="num whitespace-nowrap">{share} %</td>
      <td className="num max-sm:hidden">{count(series)}</td>
    </tr>
  );
}

function cells({ model_type, why, mase, mase_error, wape, weight, series }: FleetStanding) {
  return [model_type ?? "weighted", why, mase, mase_error, wape, weight, series];
}

function sentenceOf({ season_length, standings }: FleetResult): string {
  const before = season_length > 1 ? "the season before" : "the value before";
  const isJudged = standings.some(({ mase }) => mase != null);
  return isJudged
    ? `MASE is the mean error on the folds over the mean error of repeating ${before} in the history: below 1 is better than repeating, and lower is better. ± is the standard error over the series that have one.`
    : "The histories are too short for folds, so no model could be judged.";
}
