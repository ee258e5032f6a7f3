import clsx from "clsx";
import { type CSSProperties, useMemo } from "react";
import { words } from "@/lib/format.ts";
import { type Chapter, chaptersOf, drawnMarks, type Mark } from "./minimap.ts";
import type { Playback } from "./playback.ts";

/** The whole run as one line: its chapters, where it went wrong, and where the viewer stands. */
export function Scrubber({ playback }: { playback: Playback }) {
  const { log, state, seq, dispatch } = playback;
  const { length } = state;
  const frame = log.lines[seq - 1]?.frame;
  const what = frame ? `, ${words(frame.kind)}` : "";
  return (
    <div className="grid gap-0.5">
      <Minimap marks={log.marks} length={length} seq={seq} />
      <input
        type="range"
        aria-label="Position in the run"
        aria-valuetext={`Frame ${seq} of ${length}${what}`}
        className="seek w-full block"
        style={{ "--seek": `${share(seq, length)}%` } as CSSProperties}
        min={1}
        max={Math.max(1, length)}
        value={Math.max(1, seq)}
        disabled={length === 0}
        onChange={(event) => dispatch({ type: "seek", seq: Number(event.target.value) })}
      />
    </div>
  );
}

/** Where a frame lies on the line, in percent. */
function share(seq: number, length: number): number {
  return length > 1 ? ((seq - 1) / (length - 1)) * 100 : 100;
}

/** A picture beside the slider, whose words say the same: the transcript has every phase and every error. */
function Minimap({ marks, length, seq }: { marks: readonly Mark[]; length: number; seq: number }) {
  const { length: n_marks } = marks;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list grows in place, and its length says so
  const drawn = useMemo(
    () => ({ chapters: wideOnes(chaptersOf(marks, length), length), flags: drawnMarks(marks, length) }),
    [marks, n_marks, length],
  );
  return (
    // The slider's thumb is half its width away from either end.
    <div aria-hidden data-testid="minimap" className="relative h-2 mx-[7px]">
      {drawn.chapters.map((chapter) => (
        <span
          key={chapter.from}
          data-chapter={chapter.title}
          title={chapter.title}
          className={clsx("absolute inset-y-0 rounded-[2px] border-r border-raised", lookOf(chapter, seq))}
          style={placeOf(chapter, length)}
        />
      ))}
      {drawn.flags.map(({ seq: at, sort, label }) => (
        <span
          key={at}
          data-mark={sort}
          title={label}
          className={clsx("absolute -inset-y-px w-[3px] -ml-px rounded-full ring-1 ring-raised", TONES[sort])}
          style={{ left: `${share(at, length)}%` }}
        />
      ))}
    </div>
  );
}

/** The chapter in which the viewer stands is told from the others, and so is one in which something failed. */
function lookOf({ from, to, hasFailed }: Chapter, seq: number): string {
  const isHere = from <= seq && seq <= to;
  if (hasFailed) return isHere ? "bg-fail" : "bg-fail-wash";
  return isHere ? "bg-accent" : "bg-line-strong";
}

const TONES: Record<Mark["sort"], string> = {
  error: "bg-fail",
  warning: "bg-warn",
  decision: "bg-run",
  attempt: "bg-ink-2",
  phase: "bg-ink-3",
};

function placeOf({ from, to }: Chapter, length: number): CSSProperties {
  const [left, right] = [share(from, length), to >= length ? 100 : share(to + 1, length)];
  return { left: `${left}%`, width: `${Math.max(0.25, right - left)}%` };
}

/** Of very many chapters only those are drawn that are wide enough to be seen, and those that failed. */
function wideOnes(chapters: readonly Chapter[], length: number): readonly Chapter[] {
  if (chapters.length <= 200) return chapters;
  return chapters.filter(({ from, to, hasFailed }) => hasFailed || (to - from + 1) / length > 1 / 400);
}
