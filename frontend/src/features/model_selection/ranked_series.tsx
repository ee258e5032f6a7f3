import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { useMemo, useState } from "react";
import type { SeriesRanking } from "@/api/types.ts";
import { count, plural } from "@/lib/format.ts";
import { useSettled } from "@/lib/settled.ts";
import { useModelName } from "@/ui/model_name.tsx";
import { Loading } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { ForecastFigure } from "./forecast_figure.tsx";
import { leads } from "./leads.ts";
import { chartsQuery, rankedSeriesQuery } from "./queries.ts";
import { RankingTable } from "./ranking_table.tsx";
import { SeriesList } from "./series_list.tsx";

interface Props {
  selectionId: string;
  /** How many series are ranked. */
  total: number;
  series: string | null;
  onSeries: (series: string) => void;
}

/** The series to choose from, and of the chosen one everyone's place and the forecasts of the first: the first series where none is. */
export function RankedSeries({ selectionId, total, series, onSeries }: Props) {
  // The one that is here stays until the other has come, so that nothing below it jumps.
  const charts = useQuery({ ...chartsQuery(selectionId, series), placeholderData: keepPreviousData });
  const isMany = total > 1;
  const chosen = charts.data;
  return (
    <>
      <div className={clsx("min-w-0", isMany && "grid gap-5 lg:grid-cols-[17rem_minmax(0,1fr)] items-start")}>
        {isMany ? (
          <Found
            selectionId={selectionId}
            total={total}
            chosen={chosen?.name ?? series}
            onChoose={onSeries}
          />
        ) : null}
        {charts.error ? <ProblemNote error={charts.error} /> : null}
        {charts.isPending ? <Loading label="Loading the forecasts" lines={6} /> : null}
        {chosen ? (
          <ForecastFigure
            chart={chosen}
            winner={chosen.winner?.model_type ?? null}
            file={`${selectionId}-${chosen.name}.csv`}
          />
        ) : null}
      </div>
      {isMany && chosen ? (
        <RankingTable
          title={`Ranking on ${chosen.name}`}
          sentence={chosen.statement}
          entries={chosen.entries}
          metric={chosen.metric}
          hasLeader={leads(chosen.verdict)}
          file={`${selectionId}-${chosen.name}-ranking.csv`}
        />
      ) : null}
    </>
  );
}

/** The list, page by page; what is looked for is looked for among all series. */
function Found(props: {
  selectionId: string;
  total: number;
  chosen: string | null;
  onChoose: (series: string) => void;
}) {
  const { selectionId, total, chosen, onChoose } = props;
  const nameOf = useModelName();
  const [text, setText] = useState("");
  const wanted = useSettled(text.trim());
  const pages = useInfiniteQuery({
    ...rankedSeriesQuery(selectionId, wanted),
    placeholderData: keepPreviousData,
  });
  const loaded = useMemo(() => pages.data?.pages.flatMap(({ items }) => items) ?? [], [pages.data]);
  const note = ({ winner, verdict }: SeriesRanking) => {
    if (!winner) return "nobody is ranked";
    return leads(verdict) ? nameOf(winner.model_type) : "none leads";
  };
  return (
    <SeriesList
      found={loaded.map((one) => ({ name: one.name, note: note(one) }))}
      text={text}
      onText={setText}
      hint={hintOf(wanted, loaded.length, pages.hasNextPage, total)}
      none={pages.isPending ? "Loading…" : pages.error ? "" : `No series has “${wanted}” in its name.`}
      chosen={chosen}
      onChoose={onChoose}
      isLoadingMore={pages.isFetchingNextPage}
      error={pages.error}
      onMore={pages.hasNextPage ? () => void pages.fetchNextPage() : null}
    />
  );
}

function hintOf(wanted: string, loaded: number, hasMore: boolean, total: number): string {
  if (wanted) return hasMore ? `The first ${count(loaded)} found` : `${count(loaded)} found`;
  return hasMore ? `${count(loaded)} of ${count(total)} are loaded` : plural(total, "series", "series");
}
