import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import type { FleetForecast, RunDetail } from "@/api/types.ts";
import { type Playback, usePlayback } from "@/features/runs/playback.ts";
import { runQuery } from "@/features/runs/queries.ts";
import { RecordLink } from "@/features/runs/record_link.tsx";
import { RunFrame } from "@/features/runs/run_frame.tsx";
import { Unknown } from "@/features/runs/unknown.tsx";
import { stepsOf } from "@/lib/calendar.ts";
import { plural } from "@/lib/format.ts";
import { buttonClass } from "@/ui/button.tsx";
import { Loading } from "@/ui/panel.tsx";
import { forecastQuery } from "./forecast_queries.ts";
import { ForecastResult } from "./forecast_result.tsx";
import { Underway, Unfinished } from "./underway.tsx";

interface Props {
  runId: string;
  series: string | null;
  onSeries: (series: string) => void;
  /** A deep link to one moment. */
  seq: number | null;
  onSeq: (seq: number | undefined) => void;
}

/** One forecast: what comes next of each series, what that is made of, and how sure it is. */
export function ForecastPage({ runId, series, onSeries, seq, onSeq }: Props) {
  const forecast = useQuery(forecastQuery(runId));
  // Its frames say all that could be asked for again.
  const run = useQuery({ ...runQuery(runId), refetchInterval: false });
  const playback = usePlayback(runId, seq, onSeq);
  useForecastAtEnd(runId, playback);
  if (forecast.error && !forecast.data) return <Unknown what="forecast" error={forecast.error} />;
  if (!forecast.data) return <Loading label="Loading the forecast" lines={6} />;
  return (
    <RunFrame
      playback={playback}
      run={run.data ?? null}
      title={titleOf(forecast.data)}
      actions={
        <>
          <Link to="/forecast" className={buttonClass("plain", "sm")}>
            New forecast
          </Link>
          {forecast.data.result?.series_forecast ? (
            <Link to="/forecast" search={{ champion: runId }} className={buttonClass("plain", "sm")}>
              Forecast new values with it
            </Link>
          ) : null}
          <RecordLink runId={runId} />
        </>
      }
    >
      <Moment
        forecast={forecast.data}
        run={run.data ?? null}
        playback={playback}
        series={series}
        onSeries={onSeries}
      />
    </RunFrame>
  );
}

/** Before the end how far it has come, from then on what came out. */
function Moment(props: {
  forecast: FleetForecast;
  run: RunDetail | null;
  playback: Playback;
  series: string | null;
  onSeries: (series: string) => void;
}) {
  const { forecast, run, playback, series, onSeries } = props;
  const { view } = playback;
  if (!view.terminal) return <Underway forecast={forecast} view={view} />;
  if (view.terminal.status !== "completed" && view.terminal.status !== "refused")
    return <Unfinished forecast={forecast} terminal={view.terminal} />;
  // The result is published in one step with the last frame, and asked for when that has come.
  if (!forecast.result) return <Loading label="Loading what came out" lines={6} />;
  return (
    <ForecastResult
      forecast={forecast}
      result={forecast.result}
      run={run}
      series={series}
      onSeries={onSeries}
    />
  );
}

function titleOf({ series_total, horizon, result }: FleetForecast): string {
  const steps = result ? stepsOf(horizon, result.frequency) : plural(horizon, "step");
  return `Forecast of ${plural(series_total, "series", "series")}, ${steps}`;
}

function useForecastAtEnd(runId: string, { state }: Playback): void {
  const queries = useQueryClient();
  const hasEnded = state.stream.phase === "ended";
  useEffect(() => {
    if (hasEnded) void queries.invalidateQueries({ queryKey: ["forecast", runId], exact: true });
  }, [queries, runId, hasEnded]);
}
