import { useMemo } from "react";
import type { SeriesForecast } from "@/api/types.ts";
import { stepsOf } from "@/lib/calendar.ts";
import { plural, quantity } from "@/lib/format.ts";
import { Figure } from "@/ui/figure.tsx";
import { LineChart } from "@/ui/line_chart.tsx";
import { outlookOf } from "./outlook.ts";

/** What was, what comes next, and the range that should hold four of five outcomes. */
export function SeriesFigure(props: { series: SeriesForecast; frequency: string; file: string }) {
  const { series, frequency, file } = props;
  const data = useMemo(() => outlookOf(series), [series]);
  const lines = useMemo(
    () => [
      { label: "Actual", token: "--series-1", values: data.actuals },
      { label: "Forecast", token: "--series-3", values: data.points, isDashed: true },
    ],
    [data],
  );
  const band = useMemo(
    () => (data.band ? { label: "80 % interval", token: "--series-3-wash", ...data.band } : null),
    [data],
  );
  const sentence = sentenceOf(series, frequency);
  return (
    <Figure
      title={`What comes next of ${series.name}`}
      sentence={sentence}
      file={file}
      table={{
        header: data.header,
        rows: data.rows,
        show: (cell, column) => (column === 0 ? String(cell) : quantity(cell as number | null)),
      }}
    >
      <LineChart
        dates={data.dates}
        lines={lines}
        band={band}
        summary={`${sentence} The same numbers are in the table.`}
      />
    </Figure>
  );
}

function sentenceOf({ dates, points, intervals, history }: SeriesForecast, frequency: string): string {
  const steps = `${stepsOf(points.length, frequency)} to ${dates.at(-1)}, after the last ${plural(history.length, "value")}`;
  return intervals.length > 0
    ? `${steps}. Four of five outcomes should lie inside the band.`
    : `${steps}. It has no interval, because the series never changes.`;
}
