import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { timeOf } from "@/lib/calendar.ts";
import { quantity } from "@/lib/format.ts";
import { onThemeChange } from "@/lib/theme.ts";

export interface ChartLine {
  label: string;
  /** A colour token, such as `--series-1`. */
  token: string;
  isDashed?: boolean;
  values: readonly (number | null)[];
}

/** A filled range behind the lines, such as an interval. */
interface ChartBand {
  label: string;
  /** A colour token that lets the grid shine through, such as `--series-3-wash`. */
  token: string;
  lower: readonly (number | null)[];
  upper: readonly (number | null)[];
}

/** Lines over dates on a canvas. It reads its colours from the tokens and is drawn again when the theme changes. */
export function LineChart(props: {
  dates: readonly string[];
  lines: readonly ChartLine[];
  band?: ChartBand | null;
  summary: string;
  height?: number;
}) {
  const { dates, lines, band = null, summary, height = 280 } = props;
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    let chart = draw(element, dates, lines, band, height);
    const redraw = () => {
      chart.destroy();
      chart = draw(element, dates, lines, band, height);
    };
    const stopTheme = onThemeChange(() => requestAnimationFrame(redraw));
    const sizes = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
    sizes.observe(element);
    return () => {
      stopTheme();
      sizes.disconnect();
      chart.destroy();
    };
  }, [dates, lines, band, height]);
  return (
    <div>
      <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2 mb-2">
        {lines.map((line) => (
          <li key={line.label} className="flex items-center gap-1.5">
            <svg width="18" height="6" aria-hidden="true">
              <line
                x1="0"
                x2="18"
                y1="3"
                y2="3"
                strokeWidth="2"
                strokeDasharray={line.isDashed ? "4 3" : undefined}
                style={{ stroke: `var(${line.token})` }}
              />
            </svg>
            {line.label}
          </li>
        ))}
        {band ? (
          <li className="flex items-center gap-1.5">
            <span
              className="w-[18px] h-2.5 rounded-sm"
              style={{ background: `var(${band.token})` }}
              aria-hidden
            />
            {band.label}
          </li>
        ) : null}
      </ul>
      <div ref={host} role="img" aria-label={summary} />
    </div>
  );
}

function draw(
  element: HTMLElement,
  dates: readonly string[],
  lines: readonly ChartLine[],
  band: ChartBand | null,
  height: number,
): uPlot {
  const token = (name: string) => resolve(element, name);
  const axis: uPlot.Axis = {
    stroke: token("--ink-3"),
    grid: { stroke: token("--line"), width: 1 },
    ticks: { show: false },
    font: `11px ${getComputedStyle(element).fontFamily}`,
  };
  const options: uPlot.Options = {
    width: element.clientWidth || 600,
    height,
    legend: { show: false },
    cursor: { points: { size: 6 }, drag: { x: false, y: false } },
    scales: { x: { time: true } },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
    axes: [
      // Two rows of words: the months, and below them the years.
      { ...axis, size: 42 },
      { ...axis, size: 56, values: (_, ticks) => ticks.map((tick) => quantity(tick)) },
    ],
    series: [
      {},
      ...lines.map((line) => ({
        label: line.label,
        stroke: token(line.token),
        width: 1.75,
        ...(line.isDashed ? { dash: [5, 4] } : {}),
        spanGaps: false,
        points: { show: dates.length < 40, size: 4, fill: token(line.token) },
      })),
      // Its bounds have no line of their own.
      ...(band ? [{ points: { show: false } }, { points: { show: false } }] : []),
    ],
    bands: band ? [{ series: [lines.length + 2, lines.length + 1], fill: token(band.token) }] : [],
    plugins: [tooltip(dates, lines, band)],
  };
  const xs = dates.map((date) => timeOf(date) / 1000);
  const bounds = band ? [[...band.lower], [...band.upper]] : [];
  const values = [...lines.map((line) => [...line.values]), ...bounds];
  return new uPlot(options, [xs, ...values] as uPlot.AlignedData, element);
}

/** A canvas needs a resolved colour; a token may be any CSS expression. */
function resolve(element: HTMLElement, token: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function tooltip(
  dates: readonly string[],
  lines: readonly ChartLine[],
  band: ChartBand | null,
): uPlot.Plugin {
  const box = document.createElement("div");
  box.className =
    "absolute z-10 pointer-events-none rounded-md border border-line bg-raised shadow-pop px-2 py-1 text-xs num whitespace-nowrap";
  box.hidden = true;
  return {
    hooks: {
      init: (chart) => {
        chart.over.append(box);
        chart.over.addEventListener("mouseleave", () => {
          box.hidden = true;
        });
      },
      setCursor: (chart) => {
        const { idx, left = 0 } = chart.cursor;
        if (idx === null || idx === undefined || left < 0) {
          box.hidden = true;
          return;
        }
        box.hidden = false;
        const here = lines.filter((line) => line.values[idx] != null);
        box.textContent = [
          dates[idx],
          ...here.map((line) => `${line.label} ${quantity(line.values[idx])}`),
          ...(band?.lower[idx] != null
            ? [`${band.label} ${quantity(band.lower[idx])} to ${quantity(band.upper[idx])}`]
            : []),
        ].join("  ·  ");
        const limit = chart.over.clientWidth - box.offsetWidth;
        box.style.left = `${Math.max(0, Math.min(limit, left + 12))}px`;
        box.style.top = "4px";
      },
    },
  };
}
