import clsx from "clsx";
import { Pause, Play, Radio, SkipBack, SkipForward, StepBack, StepForward } from "lucide-react";
import { clockTime, duration } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { FootBar } from "@/ui/foot_bar.tsx";
import { chapterAt, chaptersOf } from "./minimap.ts";
import type { Playback } from "./playback.ts";
import { Scrubber } from "./scrubber.tsx";
import { SPEEDS, type Transport } from "./transport.ts";
import { useRunKeys } from "./use_run_keys.ts";

interface Props {
  playback: Playback;
  /** Frames may still come, so that "live" means more than "the end". */
  isOpen: boolean;
}

/** Play, pause, step, seek, speed and follow over a run's frames, for the mouse, the keyboard and a screen reader. */
export function TransportBar({ playback, isOpen }: Props) {
  const { state, seq, transport } = playback;
  useRunKeys(playback);
  const { length } = state;
  return (
    <FootBar label="Playback" className="grid gap-1">
      <Scrubber playback={playback} />
      <div className="flex flex-wrap items-center gap-x-1 gap-y-1">
        <Moves playback={playback} />
        <Speed playback={playback} />
        <p
          className="num text-xs text-ink-2 ml-2 whitespace-nowrap text-right"
          style={{ minWidth: `${2 * String(length).length + 3}ch` }}
          data-testid="position"
        >
          {seq} / {length}
        </p>
        <p className="text-xs text-ink-3 ml-2 whitespace-nowrap max-sm:hidden" data-testid="play-state">
          {STATES[transport.mode]}
        </p>
        <Here playback={playback} />
        <Follow playback={playback} isOpen={isOpen} />
      </div>
    </FootBar>
  );
}

const STATES: Record<Transport["mode"], string> = {
  following: "Following",
  playing: "Playing",
  paused: "Paused",
};

function Moves({ playback: { state, transport, dispatch } }: { playback: Playback }) {
  const isPlaying = transport.mode === "playing";
  return (
    <>
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
        label={isPlaying ? "Pause (space)" : "Play (space)"}
        onClick={() => dispatch({ type: "toggle" })}
      >
        {isPlaying ? <Pause /> : <Play />}
      </IconButton>
      <IconButton label="One frame on (→)" onClick={() => dispatch({ type: "step", by: 1 })}>
        <StepForward />
      </IconButton>
      <IconButton
        label="Last frame (End)"
        onClick={() => dispatch({ type: "seek", seq: state.length })}
        className="max-sm:hidden"
      >
        <SkipForward />
      </IconButton>
    </>
  );
}

function Speed({ playback: { transport, dispatch } }: { playback: Playback }) {
  return (
    <label className="ml-1 text-xs text-ink-3 flex items-center gap-1">
      <span className="sr-only">Speed</span>
      <select
        className="h-7 rounded-md border border-line-strong bg-surface px-1 text-sm text-ink num"
        value={transport.speed}
        onChange={(event) => dispatch({ type: "speed", speed: Number(event.target.value) })}
      >
        {SPEEDS.map((each) => (
          <option key={each} value={each}>
            {each}×
          </option>
        ))}
      </select>
    </label>
  );
}

/** What the frame that is shown is, and in which chapter it stands. */
function Here({ playback: { log, state, seq } }: { playback: Playback }) {
  const frame = log.lines[seq - 1]?.frame;
  if (!frame) return <span className="flex-1" />;
  const chapter = chapterAt(chaptersOf(log.marks, state.length), seq);
  const cut = log.timeline.cuts.find((each) => each.seq === seq);
  return (
    <p className="text-xs text-ink-3 ml-2 truncate max-md:hidden min-w-0 flex-1">
      {chapter ? <strong className="font-medium text-ink-2">{chapter.title} · </strong> : null}
      <span className="num">{clockTime(frame.server_timestamp)}</span> · {frame.kind}
      {cut ? <> · after {duration(cut.gapMs)} of quiet</> : null}
    </p>
  );
}

function Follow({ playback: { state, transport, dispatch }, isOpen }: Props) {
  const isFollowing = transport.mode === "following";
  return (
    <Button
      size="sm"
      kind={isFollowing ? "quiet" : "plain"}
      className="ml-auto"
      aria-pressed={isFollowing}
      title="Always the newest frame (f)"
      onClick={() => dispatch({ type: "follow" })}
    >
      <Radio
        aria-hidden
        className={clsx(isFollowing && state.stream.phase === "open" && "text-run pulse-dot")}
      />
      {isOpen ? "Live" : "To the end"}
    </Button>
  );
}

function IconButton(props: React.ComponentProps<typeof Button> & { label: string }) {
  const { label, ...rest } = props;
  return <Button kind="quiet" size="icon" aria-label={label} title={label} {...rest} />;
}
