import { useMemo } from "react";
import type { SeriesCharts } from "@/api/types.ts";
import { plural, quantity, signed } from "@/lib/format.ts";
import { Figure } from "@/ui/figure.tsx";
import { type ChartLine, LineChart } from "@/ui/line_chart.tsx";
import { useModelName } from "@/ui/model_name.tsx";
import { joined } from "./folds.ts";

/** What the winner said against what came, on values it had not seen. */
export function ForecastFigure({
  chart,
  winner,
  file,
}: {
  chart: SeriesCharts;
  /** Its model type. */
  winner: string | null;
  file: string;
}) {
  const nameOf = useModelName();
  const name = winner ? nameOf(winner) : "nobody";
  const data = useMemo(() => joined(chart), [chart]);
  const lines = useMemo<ChartLine[]>(
    () => [
      { label: "Actual", token: "--series-1", values: data.actuals },
      { label: `Forecast, ${name}`, token: "--series-3", values: data.predictions, isDashed: true },
    ],
    [data, name],
  );
  const folds = chart.winner_actual_vs_predicted.length;
  const sentence =
    winner && folds > 0
      ? `${name} against what came, on the ${plural(folds, "test window")} it had not seen.`
      : "Nobody is ranked on this series, so there is no forecast to show.";
  return (
    <Figure
      title={`Actual and forecast, ${chart.name}`}
      sentence={sentence}
      file={file}
      table={{
        header: ["date", "fold", "actual", "forecast", "error"],
        rows: data.rows,
        show: (cell, column) =>
          column < 2
            ? String(cell)
            : column === 4
              ? signed(cell as number | null)
              : quantity(cell as number | null),
      }}
    >
      <LineChart
        dates={data.dates}
        lines={lines}
        summary={`${sentence} The same numbers are in the table.`}
      />
    </Figure>
  );
}
