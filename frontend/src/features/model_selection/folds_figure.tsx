import { Minus, Plus } from "lucide-react";
import type { FileReport, Preview, Sketch } from "@/api/types.ts";
import { stepsOf } from "@/lib/calendar.ts";
import { plural } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { Figure } from "@/ui/figure.tsx";
import { drawnOf, lineOf, testsOf } from "./sparkline.ts";

const BOX = { width: 240, height: 44 };
const MOST = 20;

/** Some of the series with the folds that models will be judged on, and their number to change. */
export function FoldsFigure(props: {
  report: FileReport | null;
  preview: Preview | null;
  /** So many folds there have to be. */
  fewest: number;
  onFolds: (n: number) => void;
}) {
  const { report, preview, fewest, onFolds } = props;
  if (!report || !preview) return null;
  const { sketches, series: total } = report;
  const { n_splits, horizon } = preview.split;
  // So many fit the longest of the series that are shown.
  const fitting = Math.min(n_splits, Math.max(...preview.series.map(({ folds }) => folds.length)));
  const rows = preview.series.flatMap(({ name, folds }) =>
    folds.map((fold, at) => [name, at + 1, fold.train_rows, fold.first_date, fold.last_date]),
  );
  return (
    <Figure
      title="What models are judged on"
      sentence={sentenceOf(sketches, total, fitting, horizon)}
      file="folds.csv"
      table={{ header: ["series", "fold", "rows to learn from", "test from", "to"], rows, show: String }}
      aside={
        <>
          <Button
            size="icon"
            aria-label="One fold fewer"
            disabled={fitting <= fewest}
            onClick={() => onFolds(fitting - 1)}
          >
            <Minus aria-hidden />
          </Button>
          <Button
            size="icon"
            aria-label="One fold more"
            disabled={n_splits >= MOST || fitting < n_splits}
            onClick={() => onFolds(n_splits + 1)}
          >
            <Plus aria-hidden />
          </Button>
        </>
      }
    >
      <ul className="grid grid-cols-2 lg:grid-cols-3 gap-x-5 gap-y-3">
        {sketches.map((sketch, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they keep their places, and shortened names may be the same
          <li key={at} className="min-w-0">
            <p className="text-xs truncate" title={sketch.name}>
              {sketch.name}
            </p>
            <Sparkline sketch={sketch} folds={preview.series[at]?.folds ?? []} />
          </li>
        ))}
      </ul>
    </Figure>
  );
}

function sentenceOf(sketches: readonly Sketch[], total: number, folds: number, horizon: number): string {
  const shown = sketches.length;
  const frequencies = new Set(sketches.map(({ frequency }) => frequency));
  const [frequency] = frequencies;
  const steps = frequency && frequencies.size === 1 ? stepsOf(horizon, frequency) : plural(horizon, "step");
  const of = total > shown ? `${shown} of ${plural(total, "series", "series")}` : "";
  const what = `${plural(folds, "fold")} of ${steps}: each coloured part is forecast from what lies before it.`;
  return of ? `${of}, from all over the file. ${what}` : what;
}

function Sparkline(props: { sketch: Sketch; folds: Preview["series"][number]["folds"] }) {
  const { folds } = props;
  const { width, height } = BOX;
  const sketch = drawnOf(props.sketch, folds);
  const label = folds.length > 0 ? plural(folds.length, "fold") : "too short for a fold";
  return (
    <svg
      viewBox={`0 -2 ${width} ${height + 4}`}
      preserveAspectRatio="none"
      className="w-full h-12"
      role="img"
      aria-label={`${sketch.name}: ${label}`}
    >
      {testsOf(sketch, folds, width).map((test) => (
        <rect
          key={test.x}
          data-fold
          x={test.x}
          y={-2}
          width={Math.max(test.width - 0.75, 1)}
          height={height + 4}
          style={{ fill: "var(--series-3-wash)" }}
        />
      ))}
      <path
        d={lineOf(sketch.values, BOX)}
        fill="none"
        strokeWidth={1.25}
        vectorEffect="non-scaling-stroke"
        style={{ stroke: "var(--series-1)" }}
      />
    </svg>
  );
}
