import clsx from "clsx";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { type CSSProperties, useMemo } from "react";
import type { DiffEntry, DiffSide } from "@/api/types.ts";
import { count } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { FootBar } from "@/ui/foot_bar.tsx";
import type { DiffAction } from "./diff_keys.ts";
import type { Moment, Side } from "./moments.ts";

interface Props {
  entries: readonly DiffEntry[];
  sides: Record<Side, DiffSide>;
  moment: Moment;
  onMove: (side: Side, seq: number) => void;
  onAction: (action: DiffAction) => void;
}

/** Where the viewer stands in both runs: to move one is to move the other to the same thing. */
export function DiffBar({ entries, sides, moment, onMove, onAction }: Props) {
  return (
    <FootBar label="Both runs" className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <div className="flex gap-1">
        <Button
          size="icon"
          kind="quiet"
          aria-label="Previous change (p)"
          title="Previous change (p)"
          onClick={() => onAction({ type: "change", by: -1 })}
        >
          <ChevronLeft />
        </Button>
        <Button
          size="icon"
          kind="quiet"
          aria-label="Next change (n)"
          title="Next change (n)"
          onClick={() => onAction({ type: "change", by: 1 })}
        >
          <ChevronRight />
        </Button>
      </div>
      <div className="grid gap-1 flex-1 min-w-56">
        {(["left", "right"] as const).map((side) => (
          <Slider
            key={side}
            side={side}
            frames={sides[side].frames}
            seq={moment[side]}
            marks={<Marks entries={entries} side={side} frames={sides[side].frames} />}
            onMove={(seq) => onMove(side, seq)}
          />
        ))}
      </div>
    </FootBar>
  );
}

function Slider(props: {
  side: Side;
  frames: number;
  seq: number;
  marks: React.ReactNode;
  onMove: (seq: number) => void;
}) {
  const { side, frames, seq, marks, onMove } = props;
  return (
    <div className="grid grid-cols-[2.6rem_minmax(0,1fr)_auto] items-center gap-2 h-6">
      <span className="text-xs text-ink-3">{NAMES[side]}</span>
      <div className="relative">
        {marks}
        <input
          type="range"
          aria-label={`Position in the ${side} run`}
          aria-valuetext={`Frame ${seq} of ${frames}`}
          className="seek w-full block"
          style={{ "--seek": `${share(seq, frames)}%` } as CSSProperties}
          min={Math.min(1, frames)}
          max={Math.max(1, frames)}
          value={seq}
          disabled={frames === 0}
          onChange={(event) => onMove(Number(event.target.value))}
        />
      </div>
      <span
        className="num text-xs text-ink-2 text-right whitespace-nowrap"
        data-testid={`position-${side}`}
        style={{ minWidth: `${2 * String(frames).length + 3}ch` }}
      >
        {seq} / {count(frames)}
      </span>
    </div>
  );
}

const NAMES: Record<Side, string> = { left: "Left", right: "Right" };
/** More would be closer together than can be seen. */
const MOST_MARKS = 300;

/** A picture beside the slider, whose words say the same: the rows name every change and its frames. */
function Marks({ entries, side, frames }: { entries: readonly DiffEntry[]; side: Side; frames: number }) {
  const marks = useMemo(() => {
    const seen = new Map<number, DiffEntry["change"]>();
    for (const { change, left_seq, right_seq } of entries) {
      const seq = side === "left" ? left_seq : right_seq;
      if (change !== "same" && seq) seen.set(Math.min(100, Math.round(share(seq, frames) * 4) / 4), change);
    }
    return [...seen].slice(0, MOST_MARKS);
  }, [entries, side, frames]);
  return (
    <span aria-hidden className="absolute inset-x-[7px] top-0 h-1" data-testid={`marks-${side}`}>
      {marks.map(([left, change]) => (
        <span
          key={left}
          className={clsx("absolute top-0 h-1 w-[3px] -ml-px rounded-full", TONES[change])}
          style={{ left: `${left}%` }}
        />
      ))}
    </span>
  );
}

const TONES: Record<DiffEntry["change"], string> = {
  same: "",
  changed: "bg-warn",
  added: "bg-pass",
  removed: "bg-fail",
};

function share(seq: number, length: number): number {
  return length > 1 ? ((seq - 1) / (length - 1)) * 100 : 100;
}
