import clsx from "clsx";
import { Pause, Play, Radio, SkipBack, SkipForward, StepBack, StepForward } from "lucide-react";
import { type Dispatch, useEffect, useMemo } from "react";
import { clockTime, duration, words } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import type { RunLog } from "./log.ts";
import { type Action, SPEEDS, type Transport } from "./transport.ts";

interface Props {
  log: RunLog;
  length: number;
  transport: Transport;
  dispatch: Dispatch<Action>;
  /** The stream is still open, so that "live" means more than "the end". */
  isOpen: boolean;
}

/** Play, pause, step, seek and speed over a run's frames, for the mouse, the keyboard and a screen reader. */
export function TransportBar({ log, length, transport, dispatch, isOpen }: Props) {
  useKeys(dispatch);
  const { seq, mode, speed } = transport;
  const frame = log.lines[seq - 1]?.frame;
  const share = length > 1 ? ((seq - 1) / (length - 1)) * 100 : 100;
  return (
    <section
      aria-label="Playback"
      className="sticky bottom-0 z-10 bg-raised border border-line rounded-lg shadow-pop px-3 py-2 grid gap-1"
    >
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
        <Marks log={log} length={length} />
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
        <p className="num text-xs text-ink-2 ml-2 whitespace-nowrap" data-testid="position">
          {seq} / {length}
        </p>
        <p className="text-xs text-ink-3 ml-2 truncate max-md:hidden min-w-0 flex-1">
          {frame ? (
            <>
              <span className="num">{clockTime(frame.server_timestamp)} UTC</span> · {frame.kind}
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
          <Radio aria-hidden className={clsx(mode === "live" && isOpen && "text-run pulse-dot")} />
          {isOpen ? "Live" : "To the end"}
        </Button>
      </div>
    </section>
  );
}

function IconButton(props: React.ComponentProps<typeof Button> & { label: string }) {
  const { label, ...rest } = props;
  return <Button kind="quiet" size="icon" aria-label={label} title={label} {...rest} />;
}

/** A tick where each phase begins. */
function Marks({ log, length }: { log: RunLog; length: number }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the length is what says that frames have arrived
  const marks = useMemo(
    () =>
      log.lines.flatMap(({ seq, frame }) =>
        frame.kind === "phase.started" ? [{ seq, phase: frame.title ?? frame.phase }] : [],
      ),
    [log, length],
  );
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
      const target = event.target as HTMLElement;
      if (
        target.closest(
          "input, select, textarea, button, a, [role=dialog], [role=tab], [contenteditable], summary",
        )
      )
        return;
      const action = KEYS[event.key];
      if (!action) return;
      event.preventDefault();
      dispatch(action);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [dispatch]);
}

const KEYS: Record<string, Action> = {
  " ": { type: "toggle" },
  ArrowLeft: { type: "step", by: -1 },
  ArrowRight: { type: "step", by: 1 },
  Home: { type: "seek", seq: 1 },
  End: { type: "seek", seq: Number.MAX_SAFE_INTEGER },
};
