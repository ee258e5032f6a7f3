import { type UseInfiniteQueryResult, useInfiniteQuery } from "@tanstack/react-query";
import { type ComponentProps, useEffect, useMemo, useState } from "react";
import type { FleetResult, SeriesForecast } from "@/api/types.ts";
import { count, decimal, plural } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { Loading } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { seriesForecastsQuery } from "./forecast_queries.ts";
import { MadeOf } from "./made_of.tsx";
import { SeriesFigure } from "./series_figure.tsx";
import { SeriesList } from "./series_list.tsx";

/** How far a series that the address names is looked for without being asked: each page of them is data that travels. */
const LOOKED_THROUGH = 1_000;

interface Props {
  runId: string;
  result: FleetResult;
  series: string | null;
  onSeries: (series: string) => void;
}

/** The series to choose from, and the forecast of the chosen one: the first where none is. */
export function SeriesForecasts({ runId, result, series, onSeries }: Props) {
  const pages = useInfiniteQuery(seriesForecastsQuery(runId));
  const loaded = useMemo(() => pages.data?.pages.flatMap(({ items }) => items) ?? [], [pages.data]);
  const chosen = series === null ? loaded[0] : loaded.find(({ name }) => name === series);
  const isLooking = useLookFor(chosen !== undefined, loaded.length, pages);
  if (pages.error && loaded.length === 0) return <ProblemNote error={pages.error} />;
  if (pages.isPending) return <Loading label="Loading the series" lines={6} />;
  const hasChoice = result.series_forecast > 1;
  return (
    <div className={hasChoice ? "grid gap-5 lg:grid-cols-[17rem_minmax(0,1fr)] items-start" : ""}>
      {hasChoice ? (
        <Loaded
          loaded={loaded}
          total={result.series_forecast}
          chosen={chosen?.name ?? null}
          onChoose={onSeries}
          isLoadingMore={pages.isFetchingNextPage}
          error={pages.error}
          onMore={pages.hasNextPage ? () => void pages.fetchNextPage() : null}
        />
      ) : null}
      {chosen ? (
        <Chosen runId={runId} series={chosen} result={result} />
      ) : isLooking ? (
        <Loading label={`Looking for ${series}`} lines={6} />
      ) : (
        <NotFound
          name={series ?? ""}
          among={loaded.length}
          onMore={pages.hasNextPage ? () => void pages.fetchNextPage() : null}
        />
      )}
    </div>
  );
}

/** The list of the series that are here, which are searched here. */
function Loaded(
  props: Pick<
    ComponentProps<typeof SeriesList>,
    "chosen" | "onChoose" | "isLoadingMore" | "error" | "onMore"
  > & { loaded: readonly SeriesForecast[]; total: number },
) {
  const { loaded, total, ...rest } = props;
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const found = loaded.filter(({ name }) => name.toLowerCase().includes(wanted));
  return (
    <SeriesList
      {...rest}
      found={found.map(({ name, metrics }) => ({
        name,
        note: metrics ? `MASE ${decimal(metrics.mase)}` : "not judged",
      }))}
      text={text}
      onText={setText}
      hint={
        rest.onMore
          ? `${count(loaded.length)} of ${count(total)} are loaded`
          : plural(total, "series", "series")
      }
      none={`${rest.onMore ? "None of the loaded series has" : "No series has"} “${text}” in its name.`}
    />
  );
}

function Chosen({ runId, series, result }: { runId: string; series: SeriesForecast; result: FleetResult }) {
  return (
    <div className="grid gap-5 min-w-0">
      <SeriesFigure series={series} frequency={result.frequency} file={`${runId}-${series.name}.csv`} />
      <MadeOf series={series} />
    </div>
  );
}

function NotFound(props: { name: string; among: number; onMore: (() => void) | null }) {
  const { name, among, onMore } = props;
  return (
    <div className="grid gap-2 justify-items-start text-sm text-ink-2">
      <p>
        {onMore
          ? `“${name}” is not among the first ${plural(among, "series", "series")}.`
          : `No series with a forecast is called “${name}”. Choose one from the list.`}
      </p>
      {onMore ? (
        <Button size="sm" onClick={onMore}>
          Look further
        </Button>
      ) : null}
    </div>
  );
}

/** Asks for page after page until the series is there. */
function useLookFor(isFound: boolean, loaded: number, pages: Omit<UseInfiniteQueryResult, "data">): boolean {
  const { hasNextPage, isFetchingNextPage, isError, fetchNextPage } = pages;
  const isLooking = !isFound && hasNextPage && !isError && loaded < LOOKED_THROUGH;
  useEffect(() => {
    if (isLooking && !isFetchingNextPage && loaded > 0) void fetchNextPage();
  }, [isLooking, isFetchingNextPage, fetchNextPage, loaded]);
  return isLooking || isFetchingNextPage;
}
