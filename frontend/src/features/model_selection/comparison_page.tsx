import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Comparison } from "@/api/types.ts";
import { type Playback, usePlayback } from "@/features/runs/playback.ts";
import { runQuery } from "@/features/runs/queries.ts";
import { RecordLink } from "@/features/runs/record_link.tsx";
import { RunFrame } from "@/features/runs/run_frame.tsx";
import { Unknown } from "@/features/runs/unknown.tsx";
import { plural } from "@/lib/format.ts";
import { Loading } from "@/ui/panel.tsx";
import { About } from "./about.tsx";
import { Assumed, Excluded } from "./forecast_notes.tsx";
import { comparisonQuery } from "./queries.ts";
import { Race } from "./race.tsx";
import { Result, Rules } from "./result.tsx";
import { Verdict } from "./verdict.tsx";

interface Props {
  selectionId: string;
  series: string | null;
  onSeries: (series: string) => void;
  /** A deep link to one moment. */
  seq: number | null;
  onSeq: (seq: number | undefined) => void;
}

/** One comparison: who takes part, who won, by how much, how sure that is, and the forecasts it was judged on. */
export function ComparisonPage({ selectionId, series, onSeries, seq, onSeq }: Props) {
  const comparison = useQuery(comparisonQuery(selectionId));
  // A comparison waits for nobody, so its frames say all that could be asked for again.
  const run = useQuery({ ...runQuery(selectionId), refetchInterval: false });
  const playback = usePlayback(selectionId, seq, onSeq);
  useResultAtEnd(selectionId, playback);
  if (comparison.error && !comparison.data) return <Unknown what="comparison" error={comparison.error} />;
  if (!comparison.data) return <Loading label="Loading the comparison" lines={6} />;
  return (
    <RunFrame
      playback={playback}
      run={run.data ?? null}
      title={titleOf(comparison.data)}
      actions={<RecordLink runId={selectionId} />}
    >
      <Moment comparison={comparison.data} playback={playback} series={series} onSeries={onSeries} />
    </RunFrame>
  );
}

/** Before the end a race, from then on its result. */
function Moment(props: {
  comparison: Comparison;
  playback: Playback;
  series: string | null;
  onSeries: (series: string) => void;
}) {
  const { comparison, playback, series, onSeries } = props;
  const { view } = playback;
  // The result is published in one step with the last frame, and asked for when that has come.
  const hasResult = view.terminal !== null && comparison.completed_at != null;
  const race = <Race comparison={comparison} view={view} />;
  return (
    <>
      {hasResult ? <Verdict comparison={comparison} /> : null}
      {/* Beside the tables there is room for a column only where they do not have to be cut for it. */}
      <div className="grid gap-5 min-[87.5rem]:grid-cols-[minmax(0,1fr)_20rem] items-start">
        <div className="grid gap-5 min-w-0">
          {hasResult ? (
            <Result selectionId={comparison.selection_id} series={series} onSeries={onSeries} />
          ) : (
            race
          )}
        </div>
        <div className="grid gap-5 items-start min-w-0 lg:grid-cols-2 min-[87.5rem]:grid-cols-1">
          <About comparison={comparison} />
          <Assumed assumptions={comparison.assumptions} />
          <Excluded series={comparison.excluded_series} total={comparison.excluded_total} />
          {hasResult ? <Rules selectionId={comparison.selection_id} /> : null}
          {hasResult ? race : null}
        </div>
      </div>
    </>
  );
}

function titleOf(comparison: Comparison): string {
  return comparison.dataset_id
    ? `Comparison on ${plural(comparison.series_total, "series", "series")}`
    : `Store ${comparison.store_id} × product ${comparison.product_id}`;
}

function useResultAtEnd(selectionId: string, { state }: Playback): void {
  const queries = useQueryClient();
  const hasEnded = state.stream.phase === "ended";
  useEffect(() => {
    if (!hasEnded) return;
    void queries.invalidateQueries({ queryKey: ["model-selection", selectionId], exact: true });
    void queries.invalidateQueries({ queryKey: ["model-selection", "list"] });
  }, [queries, selectionId, hasEnded]);
}
