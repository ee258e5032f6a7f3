import clsx from "clsx";
import { Pause, Play, Radio, SkipBack, SkipForward, StepBack, StepForward } from "lucide-react";
import { type Dispatch, useEffect } from "react";
import { clockTime, duration, words } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import type { Mark, RunLog } from "./log.ts";
import type { Playback } from "./playback.ts";
import { type Action, SPEEDS } from "./transport.ts";

interface Props {
  playback: Playback;
  /** Frames may still come, so that "live" means more than "the end". */
  isOpen: boolean;
}

/** Play, pause, step, seek and speed over a run's frames, for the mouse, the keyboard and a screen reader. */
export function TransportBar({ playback, isOpen }: Props) {
  const { log, state, seq, transport, dispatch } = playback;
  useKeys(dispatch);
  const { length } = state;
  const { mode, speed } = transport;
  const frame = log.lines[seq - 1]?.frame;
  const share = length > 1 ? ((seq - 1) / (length - 1)) * 100 : 100;
  return (
    // At the foot of the window, not of the page: what it moves may be longer or shorter at every frame.
    <section
      aria-label="Playback"
      className="fixed bottom-0 inset-x-0 md:left-[12.5rem] z-10 px-2 sm:px-6 lg:px-8 max-w-[88rem] pointer-events-none"
    >
      <div className="pointer-events-auto bg-raised border border-line rounded-t-lg shadow-pop px-3 py-2 grid gap-1">
        <div className="relative">
          <input
            type="range"
            aria-label="Position in the run"
            aria-valuetext={
              frame ? `Frame ${seq} of ${length}, ${words(frame.kind)}` : `Frame ${seq} of ${length}`
            }
            className="seek w-full block"
            style={{ "--seek": `${share}%` } as React.CSSProperties}
            min={1}
            max={Math.max(1, length)}
            value={Math.max(1, seq)}
            disabled={length === 0}
            onChange={(event) => dispatch({ type: "seek", seq: Number(event.target.value) })}
          />
          <Marks marks={log.marks} length={length} />
        </div>
        <div className="flex flex-wrap items-center gap-x-1 gap-y-1">
          <IconButton
            label="First frame (Home)"
            onClick={() => dispatch({ type: "seek", seq: 1 })}
            className="max-sm:hidden"
          >
            <SkipBack />
          </IconButton>
          <IconButton label="One frame back (←)" onClick={() => dispatch({ type: "step", by: -1 })}>
            <StepBack />
          </IconButton>
          <IconButton
            label={mode === "playing" ? "Pause (space)" : "Play (space)"}
            onClick={() => dispatch({ type: "toggle" })}
          >
            {mode === "playing" ? <Pause /> : <Play />}
          </IconButton>
          <IconButton label="One frame on (→)" onClick={() => dispatch({ type: "step", by: 1 })}>
            <StepForward />
          </IconButton>
          <IconButton
            label="Last frame (End)"
            onClick={() => dispatch({ type: "seek", seq: length })}
            className="max-sm:hidden"
          >
            <SkipForward />
          </IconButton>
          <label className="ml-1 text-xs text-ink-3 flex items-center gap-1">
            <span className="sr-only">Speed</span>
            <select
              className="h-7 rounded-md border border-line-strong bg-surface px-1 text-sm text-ink num"
              value={speed}
              onChange={(event) => dispatch({ type: "speed", speed: Number(event.target.value) })}
            >
              {SPEEDS.map((each) => (
                <option key={each} value={each}>
                  {each}×
                </option>
              ))}
            </select>
          </label>
          <p
            className="num text-xs text-ink-2 ml-2 whitespace-nowrap text-right"
            style={{ minWidth: `${2 * String(length).length + 3}ch` }}
            data-testid="position"
          >
            {seq} / {length}
          </p>
          <p className="text-xs text-ink-3 ml-2 truncate max-md:hidden min-w-0 flex-1">
            {frame ? (
              <>
                <span className="num">{clockTime(frame.server_timestamp)}</span> · {frame.kind}
                <CutNote log={log} seq={seq} />
              </>
            ) : null}
          </p>
          <Button
            size="sm"
            kind={mode === "live" ? "quiet" : "plain"}
            className="ml-auto"
            aria-pressed={mode === "live"}
            onClick={() => dispatch({ type: "live" })}
          >
            <Radio
              aria-hidden
              className={clsx(mode === "live" && state.stream.phase === "open" && "text-run pulse-dot")}
            />
            {isOpen ? "Live" : "To the end"}
          </Button>
        </div>
      </div>
    </section>
  );
}

function IconButton(props: React.ComponentProps<typeof Button> & { label: string }) {
  const { label, ...rest } = props;
  return <Button kind="quiet" size="icon" aria-label={label} title={label} {...rest} />;
}

/** A tick where each phase begins. */
function Marks({ marks, length }: { marks: readonly Mark[]; length: number }) {
  return (
    <div aria-hidden className="absolute inset-x-[7px] top-0 h-1 pointer-events-none">
      {marks.map(({ seq, phase }) => (
        <span
          key={seq}
          title={phase}
          className="absolute top-0 w-px h-1.5 bg-ink-3"
          style={{ left: `${length > 1 ? ((seq - 1) / (length - 1)) * 100 : 0}%` }}
        />
      ))}
    </div>
  );
}

function CutNote({ log, seq }: { log: RunLog; seq: number }) {
  const cut = log.timeline.cuts.find((each) => each.seq === seq);
  return cut ? <> · after {duration(cut.gapMs)} of quiet</> : null;
}

function useKeys(dispatch: Dispatch<Action>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
      const action = KEYS[event.key];
      if (!action || belongsTo(event.target, event.key)) return;
      event.preventDefault();
      dispatch(action);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [dispatch]);
}

/** Whether what has the focus uses the key itself. A button uses the space alone: after a click on Play the arrows go on. */
function belongsTo(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  return target.closest(key === " " ? `${TAKES_ALL}, button, a, summary` : TAKES_ALL) !== null;
}

const TAKES_ALL =
  "input, select, textarea, [contenteditable], [role=dialog], [role=tab], [role=radio], [role=menu], section[tabindex]";

const KEYS: Record<string, Action> = {
  " ": { type: "toggle" },
  ArrowLeft: { type: "step", by: -1 },
  ArrowRight: { type: "step", by: 1 },
  Home: { type: "seek", seq: 1 },
  End: { type: "seek", seq: Number.MAX_SAFE_INTEGER },
};
