import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import clsx from "clsx";
import { useRef } from "react";
import { duration, words } from "@/lib/format.ts";
import { useModelName } from "@/ui/model_name.tsx";
import { Glyph, type Tone, toneOf } from "@/ui/status.tsx";
import type { Bar } from "./bars.ts";
import type { Cut, Scale } from "./scale.ts";

interface Props {
  bars: readonly Bar[];
  scale: Scale;
  /** Where the picture begins: times are told from there. */
  fromMs: number;
  onSeek: (ms: number) => void;
}

const ROW_PX = 26;
/** More rows are scrolled. */
const MOST_ROWS = 22;
const LABEL = "w-56 max-md:w-36 shrink-0";

/** One row for each thing that took time. However many there are, only those in sight are drawn. */
export function Gantt({ bars, scale, fromMs, onSeek }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: bars.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  });
  return (
    <div className="text-xs">
      <Axis scale={scale} fromMs={fromMs} />
      <section
        ref={scroller}
        aria-label="Timeline, row by row"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className="overflow-y-auto overflow-x-hidden"
        style={{ height: Math.min(bars.length, MOST_ROWS) * ROW_PX }}
      >
        <ol className="relative" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const bar = bars[index];
            return bar ? (
              <Row key={bar.id} bar={bar} scale={scale} fromMs={fromMs} topPx={start} onSeek={onSeek} />
            ) : null;
          })}
        </ol>
      </section>
    </div>
  );
}

/** Times at even places; between two of them time may have been cut. */
const PLACES = [0, 0.25, 0.5, 0.75, 1];

function Axis({ scale, fromMs }: Pick<Props, "scale" | "fromMs">) {
  return (
    <div aria-hidden className="flex h-7 items-end border-b border-line text-ink-3 num">
      <span className={LABEL} />
      <span className="relative flex-1 h-full">
        {PLACES.map((place) => (
          <span
            key={place}
            className={clsx(
              "absolute bottom-0.5 whitespace-nowrap",
              place === 0 ? "" : place === 1 ? "-translate-x-full" : "-translate-x-1/2 max-md:hidden",
            )}
            style={{ left: `${place * 100}%` }}
          >
            {place === 0 ? "0" : duration(scale.time(place) - fromMs)}
          </span>
        ))}
      </span>
    </div>
  );
}

function Row(props: { bar: Bar; topPx: number } & Pick<Props, "scale" | "fromMs" | "onSeek">) {
  const { bar, topPx, scale, fromMs, onSeek } = props;
  return (
    <li
      data-bar={bar.sort}
      className="absolute inset-x-0 flex items-center hover:bg-hover"
      style={{ transform: `translateY(${topPx}px)`, height: ROW_PX }}
    >
      <span
        className={clsx(LABEL, "flex items-center gap-1.5 pr-2 min-w-0 [&_svg]:size-3.5")}
        style={{ paddingLeft: `${bar.depth * 0.75}rem` }}
      >
        <Glyph status={bar.sort === "queue" || bar.sort === "wait" ? "waiting" : bar.status} />
        <Label bar={bar} />
      </span>
      <span className="relative flex-1 h-full">
        {scale.cuts.map((cut) => (
          <CutMark key={cut.at} cut={cut} />
        ))}
        <Stretch bar={bar} scale={scale} fromMs={fromMs} onSeek={onSeek} />
      </span>
    </li>
  );
}

function Label({ bar: { label, sort, runId } }: { bar: Bar }) {
  const nameOf = useModelName();
  const text = sort === "call" || sort === "step" ? nameOf(label) : label;
  const look = clsx(
    "truncate",
    sort === "attempt" && "font-semibold",
    sort === "phase" && "font-medium first-letter:uppercase",
  );
  return runId ? (
    <Link
      to="/runs/$runId"
      params={{ runId }}
      title={text}
      className={clsx(look, "text-accent hover:underline")}
    >
      {text}
    </Link>
  ) : (
    <span className={look} title={text}>
      {text}
    </span>
  );
}

function Stretch({ bar, scale, fromMs, onSeek }: { bar: Bar } & Pick<Props, "scale" | "fromMs" | "onSeek">) {
  const [left, right] = [scale.place(bar.fromMs), scale.place(bar.toMs)];
  const took = duration(bar.toMs - bar.fromMs);
  const told = `${words(bar.label)}: ${words(bar.status).toLowerCase()}, began after ${duration(bar.fromMs - fromMs)}, ${bar.isOpen ? `${took} so far` : `took ${took}`}`;
  return (
    <>
      <button
        type="button"
        aria-label={told}
        title={told}
        onClick={() => onSeek(bar.fromMs)}
        className={clsx(
          "absolute min-w-[3px] rounded-sm",
          // A phase is a bracket around its steps.
          bar.sort === "phase" ? "top-2 bottom-2" : "top-1 bottom-1",
          LOOKS[bar.sort] ?? TONES[toneOf(bar.status)],
          bar.isOpen && "border-r-2 border-dashed border-r-run",
        )}
        style={{ left: `${left * 100}%`, width: `${Math.max(0, right - left) * 100}%` }}
      />
      <Took took={took} left={left} right={right} />
    </>
  );
}

/** Beside the bar, on the side that has room; on the bar where neither has. */
function Took({ took, left, right }: { took: string; left: number; right: number }) {
  const place = right < 0.88 ? "after" : left > 0.12 ? "before" : "within";
  return (
    <span
      aria-hidden
      className={clsx(
        "absolute inset-y-0 flex items-center num whitespace-nowrap pointer-events-none px-1 max-sm:hidden",
        place === "after" ? "text-ink-3" : "-translate-x-full",
        place === "before" && "text-ink-3",
        place === "within" && "text-ink my-1.5 bg-surface/80 rounded-sm -ml-1.5",
      )}
      style={{ left: `${(place === "before" ? left : right) * 100}%` }}
    >
      {took}
    </span>
  );
}

/** What is no work has no colour of a status. */
const LOOKS: Partial<Record<Bar["sort"], string>> = {
  queue: "bg-sunken border border-dashed border-line-strong",
  wait: "bg-sunken border border-dashed border-line-strong",
  attempt: "bg-line-strong",
};

const TONES: Record<Tone, string> = {
  pass: "bg-accent",
  fail: "bg-fail",
  warn: "bg-warn",
  run: "bg-run",
  idle: "bg-ink-3",
};

/** Here time was left out. */
function CutMark({ cut }: { cut: Cut }) {
  return (
    <span
      aria-hidden
      title={`${duration(cut.cutMs)} cut`}
      className="absolute inset-y-0 w-1 -ml-0.5 border-x border-dotted border-line-strong"
      style={{ left: `${cut.at * 100}%` }}
    />
  );
}
