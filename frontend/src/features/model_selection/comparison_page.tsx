import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowRight, OctagonX } from "lucide-react";
import { useState } from "react";
import type { Comparison, RankingDetail } from "@/api/types.ts";
import { count, duration, elapsedMs, plural, words } from "@/lib/format.ts";
import { Button, buttonClass } from "@/ui/button.tsx";
import { Confirm } from "@/ui/dialog.tsx";
import { SelectField } from "@/ui/field.tsx";
import { Facts, Loading, Panel } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { Badge } from "@/ui/status.tsx";
import { When } from "@/ui/time.tsx";
import { ForecastFigure } from "./forecast_figure.tsx";
import { cancelComparison, chartsQuery, comparisonQuery, isOver, rankingQuery } from "./queries.ts";
import { Race } from "./race.tsx";
import { RankingTable } from "./ranking_table.tsx";
import { RulePanel } from "./rule_panel.tsx";
import { Verdict } from "./verdict.tsx";

interface Props {
  selectionId: string;
  series: string | null;
  onSeries: (series: string) => void;
}

/** One comparison: who takes part, who won, by how much, how sure that is, and the forecasts it was judged on. */
export function ComparisonPage({ selectionId, series, onSeries }: Props) {
  const comparison = useQuery(comparisonQuery(selectionId));
  const hasEnded = comparison.data ? isOver(comparison.data.status) : false;
  const ranking = useQuery(rankingQuery(selectionId, hasEnded));
  if (comparison.error && !comparison.data) return <ProblemNote error={comparison.error} />;
  if (!comparison.data) return <Loading label="Loading the comparison" lines={6} />;
  return (
    <div className="grid gap-5">
      <Header comparison={comparison.data} />
      {comparison.error ? <Stale error={comparison.error} /> : null}
      {hasEnded ? <Verdict comparison={comparison.data} /> : null}
      <div className="grid gap-5 xl:grid-cols-[minmax(0,1fr)_20rem] items-start">
        <div className="grid gap-5 min-w-0">
          {hasEnded && ranking.data ? (
            <>
              <RankingTable
                title={
                  ranking.data.series.length > 1
                    ? `Overall, ${plural(ranking.data.series.length, "series", "series")}`
                    : "Ranking"
                }
                sentence={overallSentence(ranking.data)}
                entries={ranking.data.entries}
                metric={ranking.data.metric}
                file={`${selectionId}-ranking.csv`}
              />
              <PerSeries
                selectionId={selectionId}
                ranking={ranking.data}
                series={series}
                onSeries={onSeries}
              />
            </>
          ) : null}
          {hasEnded && ranking.error ? <ProblemNote error={ranking.error} /> : null}
          {hasEnded && ranking.isPending ? <Loading label="Loading the ranking" /> : null}
          {hasEnded ? null : <Race comparison={comparison.data} />}
        </div>
        <div className="grid gap-5">
          <About comparison={comparison.data} />
          {hasEnded && ranking.data ? <RulePanel ranking={ranking.data} /> : null}
          {hasEnded ? <Race comparison={comparison.data} /> : null}
        </div>
      </div>
    </div>
  );
}

/** What is shown was true when the server last answered; it is asked again all the time. */
function Stale({ error }: { error: unknown }) {
  return (
    <div className="grid gap-1">
      <ProblemNote error={error} />
      <p className="text-sm text-ink-2">
        What is shown is as of the last answer. This page asks again and goes on by itself.
      </p>
    </div>
  );
}

function Header({ comparison }: { comparison: Comparison }) {
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const key = ["model-selection", comparison.selection_id];
  const cancel = useMutation({
    mutationFn: () => cancelComparison(comparison.selection_id),
    onSuccess: (settled) => queries.setQueryData(key, settled),
    onError: () => queries.invalidateQueries({ queryKey: key }),
  });
  return (
    <header className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <h1 className="text-2xl font-semibold tracking-tight">
        {comparison.dataset_id
          ? `Comparison on ${plural(comparison.series_total, "series", "series")}`
          : `Store ${comparison.store_id} × product ${comparison.product_id}`}
      </h1>
      <Badge status={comparison.status} />
      <span className="text-sm text-ink-3">
        <When at={comparison.created_at} />
      </span>
      <div className="ml-auto flex gap-2">
        <Link
          to="/runs/$runId"
          params={{ runId: comparison.selection_id }}
          className={buttonClass("plain", "sm")}
        >
          Open as a run <ArrowRight aria-hidden />
        </Link>
        {isOver(comparison.status) ? null : (
          <Button size="sm" kind="danger" disabled={cancel.isPending} onClick={() => setAsking(true)}>
            <OctagonX aria-hidden /> {cancel.isPending ? "Cancelling…" : "Cancel"}
          </Button>
        )}
      </div>
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => cancel.mutate()}
        title="Cancel this comparison?"
        confirm="Cancel comparison"
        keep="Keep running"
      >
        Candidates that wait are skipped, one in progress stops between folds, and what has finished is kept
        and ranked.
      </Confirm>
      {cancel.error ? (
        <div className="basis-full">
          <ProblemNote error={cancel.error} />
        </div>
      ) : null}
    </header>
  );
}

function overallSentence(ranking: RankingDetail): string {
  const method = ranking.method
    ? `${ranking.method.charAt(0).toUpperCase()}${ranking.method.slice(1)}. `
    : "";
  return `${method}Lower is better; bias is the mean of actual minus forecast.`;
}

function frameText({ feature_frame_version, feature_groups }: Comparison): string {
  if (feature_frame_version === 1) return "1";
  return `2, ${feature_groups ? feature_groups.map(words).join(", ") : "usual groups"}`;
}

function About({ comparison }: { comparison: Comparison }) {
  const split = comparison.split_config;
  const facts: [string, React.ReactNode][] = [
    ["Horizon", plural(comparison.forecast_horizon, "step")],
    [
      "Season",
      comparison.season_length == null ? "each series' usual one" : plural(comparison.season_length, "step"),
    ],
    ["Feature frame", frameText(comparison)],
    ["Racing", comparison.racing === "costly" ? "costly models may be dropped" : "off"],
    ["Folds", `${split.n_splits}, ${split.strategy}`],
    ["First training size", count(split.min_train_size)],
    ["Gap", plural(split.gap, "step")],
    ["Ranked by", comparison.ranking_metric.toUpperCase()],
    ["Took", duration(elapsedMs(comparison.started_at, comparison.completed_at))],
  ];
  return (
    <Panel title="How it was judged">
      <Facts facts={facts} />
      {comparison.excluded_series.length > 0 ? (
        <ul className="mt-3 pt-3 border-t border-line text-xs text-ink-2 grid gap-1">
          {comparison.excluded_series.map((each) => (
            <li key={each.name}>
              <span className="font-medium">{each.name}</span> took no part: {each.reason}
            </li>
          ))}
        </ul>
      ) : null}
    </Panel>
  );
}

function PerSeries(props: {
  selectionId: string;
  ranking: RankingDetail;
  series: string | null;
  onSeries: (series: string) => void;
}) {
  const { selectionId, ranking, series, onSeries } = props;
  const charts = useQuery(chartsQuery(selectionId, true));
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
          sentence={chosen.statement}
          entries={chosen.entries}
          metric={chosen.metric}
          file={`${selectionId}-${chosen.name}-ranking.csv`}
        />
      ) : null}
    </>
  );
}
