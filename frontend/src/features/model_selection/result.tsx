import { useQuery } from "@tanstack/react-query";
import type { RankingDetail } from "@/api/types.ts";
import { plural } from "@/lib/format.ts";
import { SelectField } from "@/ui/field.tsx";
import { Loading } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { ForecastFigure } from "./forecast_figure.tsx";
import { isJudged } from "./judged.ts";
import { chartsQuery, rankingQuery } from "./queries.ts";
import { RankingTable } from "./ranking_table.tsx";
import { RulePanel } from "./rule_panel.tsx";

interface Props {
  selectionId: string;
  series: string | null;
  onSeries: (series: string) => void;
}

/** Everyone's place, over all series and on the chosen one, with the forecasts that they were judged on. */
export function Result({ selectionId, series, onSeries }: Props) {
  const { data: ranking, error } = useQuery(rankingQuery(selectionId));
  if (error) return <ProblemNote error={error} />;
  if (!ranking) return <Loading label="Loading the ranking" />;
  const many = ranking.series.length;
  return (
    <>
      <RankingTable
        title={many > 1 ? `Overall, ${plural(many, "series", "series")}` : "Ranking"}
        sentence={overallSentence(ranking)}
        entries={ranking.entries}
        metric={ranking.metric}
        file={`${selectionId}-ranking.csv`}
      />
      <PerSeries selectionId={selectionId} ranking={ranking} series={series} onSeries={onSeries} />
    </>
  );
}

/** What other rules of choosing would have given. */
export function Rules({ selectionId }: { selectionId: string }) {
  const { data: ranking } = useQuery(rankingQuery(selectionId));
  return ranking ? <RulePanel ranking={ranking} /> : null;
}

function PerSeries(props: Props & { ranking: RankingDetail }) {
  const { selectionId, ranking, series, onSeries } = props;
  const charts = useQuery(chartsQuery(selectionId));
  const chosen = ranking.series.find((each) => each.name === series) ?? ranking.series[0];
  if (!chosen) return null;
  const chart = charts.data?.find((each) => each.name === chosen.name);
  const isMany = ranking.series.length > 1;
  return (
    <>
      {isMany ? (
        <div className="max-w-xs">
          <SelectField
            label="Series"
            value={chosen.name}
            onChange={onSeries}
            options={ranking.series.map((each) => ({ value: each.name, label: each.name }))}
          />
        </div>
      ) : null}
      {charts.error ? <ProblemNote error={charts.error} /> : null}
      {charts.isPending ? <Loading label="Loading the forecasts" /> : null}
      {chart ? (
        <ForecastFigure
          chart={chart}
          winner={chosen.winner?.model_type ?? null}
          file={`${selectionId}-${chosen.name}.csv`}
        />
      ) : null}
      {isMany ? (
        <RankingTable
          title={`Ranking on ${chosen.name}`}
          sentence={
            chosen.winner && !isJudged(chosen.metric, chosen.winner)
              ? `None leads by ${chosen.metric.toUpperCase()}, which is undefined here; the order is that of the other metrics.`
              : chosen.statement
          }
          entries={chosen.entries}
          metric={chosen.metric}
          file={`${selectionId}-${chosen.name}-ranking.csv`}
        />
      ) : null}
    </>
  );
}

function overallSentence(ranking: RankingDetail): string {
  const method = ranking.method
    ? `${ranking.method.charAt(0).toUpperCase()}${ranking.method.slice(1)}. `
    : "";
  return `${method}Lower is better; bias is the mean of actual minus forecast.`;
}
