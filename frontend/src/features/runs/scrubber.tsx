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
      <Minimap marks={log.marks} length={length} />
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
function Minimap({ marks, length }: { marks: readonly Mark[]; length: number }) {
  const { length: n_marks } = marks;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list grows in place, and its length says so
  const drawn = useMemo(
    () => ({ chapters: wideOnes(chaptersOf(marks, length), length), flags: drawnMarks(marks, length) }),
    [marks, n_marks, length],
  );
  if (n_marks === 0) return null;
  return (
    // The slider's thumb is half its width away from either end.
    <div aria-hidden data-testid="minimap" className="relative h-2 mx-[7px]">
      {drawn.chapters.map((chapter) => (
        <span
          key={chapter.from}
          data-chapter={chapter.title}
          title={chapter.title}
          className={clsx(
            "absolute inset-y-0 rounded-[2px] border-r border-raised",
            chapter.hasFailed ? "bg-fail-wash" : "bg-accent-wash",
          )}
          style={placeOf(chapter, length)}
        />
      ))}
      {drawn.flags.map(({ seq, sort, label }) => (
        <span
          key={seq}
          data-mark={sort}
          title={label}
          className={clsx("absolute inset-y-0 w-0.5 -ml-px rounded-full", TONES[sort])}
          style={{ left: `${share(seq, length)}%` }}
        />
      ))}
    </div>
  );
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
