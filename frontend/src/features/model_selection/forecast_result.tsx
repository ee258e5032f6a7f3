import { Link } from "@tanstack/react-router";
import { Download } from "lucide-react";
import type { FleetForecast, FleetResult, RunDetail } from "@/api/types.ts";
import { frequencyText, stepsOf } from "@/lib/calendar.ts";
import { bytes } from "@/lib/format.ts";
import { buttonClass } from "@/ui/button.tsx";
import { useModelName, withNames } from "@/ui/model_name.tsx";
import { Assumed, Coverage, Excluded } from "./forecast_notes.tsx";
import { SeriesForecasts } from "./series_forecasts.tsx";
import { StandingsTable } from "./standings_table.tsx";

interface Props {
  forecast: FleetForecast;
  result: FleetResult;
  run: RunDetail | null;
  series: string | null;
  onSeries: (series: string) => void;
}

/** What a forecast came to: the answer, each series, who did how well on the folds, and what was assumed. */
export function ForecastResult({ forecast, result, run, series, onSeries }: Props) {
  const isRefused = result.series_forecast === 0;
  return (
    <>
      <Statement result={result} run={run} isRefused={isRefused} />
      {isRefused ? null : (
        <SeriesForecasts runId={forecast.run_id} result={result} series={series} onSeries={onSeries} />
      )}
      <div className="grid gap-5 xl:grid-cols-[minmax(0,1fr)_24rem] items-start">
        {isRefused ? null : <StandingsTable result={result} file={`${forecast.run_id}-standings.csv`} />}
        <div className="grid gap-5">
          {isRefused ? null : <Coverage coverage={result.coverage} />}
          <Assumed assumptions={result.assumptions} />
          <Excluded series={forecast.excluded_series} total={forecast.excluded_total} />
        </div>
      </div>
    </>
  );
}

function Statement(props: { result: FleetResult; run: RunDetail | null; isRefused: boolean }) {
  const { result, run, isRefused } = props;
  const nameOf = useModelName();
  const types = result.standings.flatMap(({ model_type }) => model_type ?? []);
  return (
    <section
      aria-label="Result"
      data-testid="statement"
      className={`border border-line rounded-lg px-4 py-4 grid gap-2 ${isRefused ? "bg-warn-wash" : "bg-surface"}`}
    >
      {isRefused ? <h2 className="font-semibold">Nothing could be forecast</h2> : null}
      <p className="text-lg text-pretty">{withNames(result.statement, types, nameOf)}</p>
      {isRefused ? (
        <p className="text-sm text-ink-2 flex flex-wrap items-center gap-3">
          Longer histories or a model that needs less of them may help.
          <Link to="/forecast" className={buttonClass("plain", "sm")}>
            Start another forecast
          </Link>
        </p>
      ) : (
        <div className="flex flex-wrap items-center gap-3">
          <p className="text-sm text-ink-2">{calendarText(result)}</p>
          <WholeFile run={run} />
        </div>
      )}
    </section>
  );
}

/** Every series, every step and every interval in one file. */
function WholeFile({ run }: { run: RunDetail | null }) {
  const artifact = run?.artifacts.find(({ name }) => name === "forecasts");
  if (!artifact) return null;
  return (
    <a
      className={`${buttonClass("plain", "sm")} ml-auto`}
      href={`/api/artifacts/${encodeURIComponent(artifact.artifact_id)}/content`}
      download={artifact.name}
    >
      <Download aria-hidden /> All forecasts, Parquet
      <span className="num text-ink-3">{bytes(artifact.size_bytes)}</span>
    </a>
  );
}

function calendarText({ frequency, season_length }: FleetResult): string {
  const season =
    season_length > 1 ? `a season of ${stepsOf(season_length, frequency)}` : "no season that repeats";
  return `${frequencyText(frequency)} series, ${season}.`;
}
