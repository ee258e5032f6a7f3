import clsx from "clsx";
import type { ReactNode } from "react";
import type { Estimate } from "@/api/lab.ts";
import { decimal } from "@/lib/format.ts";
import { Figure } from "@/ui/figure.tsx";
import { Z95 } from "./figures.ts";

interface WhiskerRow {
  id: string;
  label: string;
  estimate: Estimate;
  isMarked: boolean;
}

/** Figures with their errors on one axis: where two whiskers are apart, chance does not explain the difference. */
export function WhiskerFigure(props: {
  title: string;
  sentence: ReactNode;
  file: string;
  /** What the axis measures, with its unit. */
  axis: string;
  rows: readonly WhiskerRow[];
  /** Whether it may be below nothing, as a difference is. */
  isSigned?: boolean;
}) {
  const { title, sentence, file, axis, rows, isSigned = false } = props;
  const ticks = ticksOver(rows.flatMap(({ estimate }) => endsOf(estimate, isSigned)));
  const [low, high] = [ticks.at(0) ?? 0, ticks.at(-1) ?? 1];
  const at = (value: number) => `${(100 * (value - low)) / (high - low)}%`;
  return (
    <Figure
      title={title}
      sentence={sentence}
      file={file}
      table={{
        header: ["Name", axis, "Standard error"],
        rows: rows.map(({ label, estimate }) => [label, estimate.value, estimate.standard_error]),
        show: (cell, column) => (column > 0 ? decimal(cell as number, 4) : String(cell)),
      }}
    >
      <div className="grid grid-cols-[11rem_minmax(0,1fr)] max-sm:grid-cols-[5.5rem_minmax(0,1fr)] gap-x-3 text-xs">
        {rows.map(({ id, label, estimate, isMarked }) => (
          <div key={id} className="contents">
            <span className={clsx("truncate py-0.5", isMarked && "font-semibold text-accent-strong")}>
              {label}
            </span>
            <div
              className="relative border-r border-line"
              style={{ backgroundImage: gridOf(ticks.length - 1) }}
              title={`${label}: ${decimal(estimate.value, 4)} ± ${decimal(estimate.standard_error, 4)}`}
            >
              <span
                aria-hidden
                className={clsx("absolute top-1/2 h-0.5 -mt-px", isMarked ? "bg-accent" : "bg-ink-3")}
                style={spanOf(endsOf(estimate, isSigned), at)}
              />
              <span
                aria-hidden
                className={clsx(
                  "absolute top-1/2 size-2 -mt-1 -ml-1 rounded-full",
                  isMarked ? "bg-accent" : "bg-ink-2",
                )}
                style={{ left: at(estimate.value) }}
              />
            </div>
          </div>
        ))}
        <span />
        <div className="relative h-5 num text-ink-3" aria-hidden>
          {ticks.map((tick) => (
            <span key={tick} className="absolute -translate-x-1/2 top-1" style={{ left: at(tick) }}>
              {tickText(tick, ticks)}
            </span>
          ))}
        </div>
        <span />
        <span className="text-center text-ink-2">{axis}</span>
      </div>
    </Figure>
  );
}

/** The 95 % interval, as far as it can be. */
function endsOf({ value, standard_error }: Estimate, isSigned: boolean): [number, number] {
  const low = value - Z95 * standard_error;
  return [isSigned ? low : Math.max(0, low), value + Z95 * standard_error];
}

function spanOf([low, high]: [number, number], at: (value: number) => string) {
  return { left: at(low), width: `calc(${at(high)} - ${at(low)})` };
}

/** A line at each tick. */
function gridOf(steps: number): string {
  return `repeating-linear-gradient(to right, var(--line) 0 1px, transparent 1px ${100 / steps}%)`;
}

/** Round values around all of these and nothing. */
function ticksOver(values: readonly number[]): number[] {
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  const step =
    [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5].find((each) => (most - least) / each <= 6) ?? 1;
  const first = Math.floor(least / step);
  const steps = Math.max(1, Math.ceil(most / step) - first);
  return Array.from({ length: steps + 1 }, (_, at) => (first + at) * step);
}

/** As many decimals as tell the ticks apart. */
function tickText(tick: number, ticks: readonly number[]): string {
  const step = (ticks[1] ?? 1) - (ticks[0] ?? 0);
  return decimal(tick, step < 0.0099 ? 3 : 2).replace("-", "−");
}
