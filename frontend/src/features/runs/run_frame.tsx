import { type ReactNode, useEffect, useMemo, useRef } from "react";
import type { RunDetail } from "@/api/types.ts";
import { announce } from "@/lib/announce.ts";
import { count, duration, words } from "@/lib/format.ts";
import { CopyButton } from "@/ui/copy.tsx";
import { When } from "@/ui/time.tsx";
import { CancelButton } from "./cancel.tsx";
import { Abandon } from "./dead_letter.tsx";
import { isOfOthers } from "./of_others.ts";
import type { Playback } from "./playback.ts";
import { isSettled } from "./queries.ts";
import { Questions } from "./question_panel.tsx";
import { RunStatusBadge, type Standing } from "./run_status.tsx";
import { StreamNote } from "./stream_note.tsx";
import { tookMs } from "./took.ts";
import { TransportBar } from "./transport_bar.tsx";
import { useProof, VerifiedBadge } from "./verified_badge.tsx";
import { standingOf } from "./view.ts";

interface Props {
  playback: Playback;
  run: RunDetail | null;
  title: string;
  /** Of the heading: a run may be a page or a part of one. */
  level?: "h1" | "h2";
  actions?: ReactNode;
  children: ReactNode;
}

/** What is the same around every run on every page: its name, how it stands, its seal, its transport bar. */
export function RunFrame({ playback, run, title, level = "h1", actions, children }: Props) {
  useAnnouncedEnd(playback, run, title);
  const isOpen = playback.state.stream.phase !== "ended" && run !== null && !isSettled(run.status);
  return (
    // Not a grid: what sticks must be able to leave its row. The last of it is not to lie under the bar.
    <section className="flex flex-col gap-4 pb-20" data-testid="run">
      <Header playback={playback} run={run} title={title} level={level} actions={actions} />
      {/* Before what it moves, so that the keyboard comes to it first; it is drawn at the foot of the window. */}
      <TransportBar playback={playback} isOpen={isOpen} />
      <StreamNote state={playback.state} isOpen={isOpen} />
      {run && playback.isAtEnd ? <Questions run={run} /> : null}
      <div data-testid="moment" className="flex flex-col gap-4">
        {children}
      </div>
    </section>
  );
}

/** What is done elsewhere cannot be stopped from here; where nobody goes on with it, its record is ended. */
function Stop({ run }: { run: RunDetail }) {
  return isOfOthers(run.kind) ? <Abandon run={run} /> : <CancelButton runId={run.run_id} />;
}

function Header({ playback, run, title, level: Title = "h1", actions }: Omit<Props, "children">) {
  const { log, state, seq, view } = playback;
  const proof = useProof(log, state);
  const isOver = run !== null && isSettled(run.status);
  return (
    <header className="grid gap-1">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Title className={`${SIZES[Title]} font-semibold tracking-tight min-w-0 break-words`}>{title}</Title>
        <span data-testid="standing">
          <RunStatusBadge run={standing(playback, run)} />
        </span>
        <VerifiedBadge proof={proof} />
        <div className="ml-auto flex flex-wrap gap-2">
          <CopyButton text={momentUrl(seq)} label="Copy link to this moment" />
          {actions}
          {run && !isOver ? <Stop run={run} /> : null}
        </div>
      </div>
      <p className="num text-sm text-ink-3 flex flex-wrap gap-x-2 [&>span+span]:before:content-['·'] [&>span+span]:before:mr-2">
        {run ? <span>{words(run.kind)}</span> : null}
        {view.openedAt ? (
          <span>
            started <When at={view.openedAt} />
          </span>
        ) : null}
        <Course playback={playback} run={run} />
        {view.attempt > 1 ? <span>attempt {view.attempt}</span> : null}
      </p>
    </header>
  );
}

/** How long it took, or that a moment is shown of a run that went on: what stands beside it may be of another. */
function Course({ playback, run }: { playback: Playback; run: RunDetail | null }) {
  const { view, seq, state, isAtEnd, transport } = playback;
  const time = duration(tookMs(run, playback));
  if (isAtEnd || transport.mode === "following") {
    return view.openedAt ? <span>{view.terminal ? `took ${time}` : `${time} so far`}</span> : null;
  }
  return (
    <span data-testid="replay">
      <strong className="font-medium text-warn">
        Replay: frame {count(seq)} of {count(state.length)}
      </strong>
      , {time} after its start{run ? `; it stands at “${words(run.status)}” now` : ""}
    </span>
  );
}

const SIZES = { h1: "text-2xl", h2: "text-lg" };

/**
 * What the frames say. The server's row says it too where it is of the same frame, and then also of what no frame tells:
 * that a run waits, that it is a dead letter. Until the first frame is here, the row alone says anything.
 */
function standing({ view, seq, log }: Playback, run: RunDetail | null): Standing {
  if (run && (run.frames === seq || log.lines.length === 0)) return run;
  return { status: standingOf(view), waits_for: null, is_dead_letter: false };
}

function momentUrl(seq: number): string {
  const url = new URL(location.href);
  url.searchParams.set("seq", String(seq));
  return url.href;
}

/** Says the end aloud, if this page saw it run; the end of a recorded run is no news. */
function useAnnouncedEnd({ log, state }: Playback, run: RunDetail | null, title: string): void {
  const wasLive = useRef(false);
  wasLive.current ||= run !== null && !isSettled(run.status);
  const hasEnded = state.stream.phase === "ended";
  const status = useMemo(() => (hasEnded ? standingOf(log.viewAt(log.lines.length)) : null), [log, hasEnded]);
  useEffect(() => {
    if (status && wasLive.current) announce(`${title}: ${words(status)}`);
  }, [status, title]);
}
