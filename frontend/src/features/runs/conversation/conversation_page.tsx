import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { type CSSProperties, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import type { RunItem } from "@/api/types.ts";
import { count, plural, shortId, words } from "@/lib/format.ts";
import { Button, buttonClass } from "@/ui/button.tsx";
import { FootBar } from "@/ui/foot_bar.tsx";
import { Empty, Loading } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { When } from "@/ui/time.tsx";
import { isUnknown } from "../unknown.tsx";
import { conversationQuery, conversationReplayQuery, conversationRunsQuery } from "./conversation_queries.ts";
import { CutButton } from "./cut_button.tsx";
import { LiveSegment, RunSegment } from "./run_segment.tsx";
import { framesIn, placeAt, runBeside, type Segment, segmentsOf } from "./segments.ts";

interface Props {
  conversationId: string;
  /** The frame of the conversation after which it is shown. */
  seq: number | null;
  onSeq: (seq: number | undefined) => void;
}

/** What runs said one after the other, as one transcript: where one ends and the next begins, and where it was cut. */
export function ConversationPage({ conversationId, seq, onSeq }: Props) {
  const conversation = useQuery(conversationQuery(conversationId));
  const runs = useQuery(conversationRunsQuery(conversationId));
  const replay = useInfiniteQuery(conversationReplayQuery(conversationId));
  const segments = useMemo(
    () => segmentsOf(replay.data?.pages.flatMap((page) => page.items) ?? []),
    [replay.data],
  );
  const error = conversation.error ?? replay.error;
  if (error && !replay.data) return <Failed error={error} />;
  if (!conversation.data || !replay.data) return <Loading label="Loading the conversation" lines={8} />;
  const { title, created_at } = conversation.data;
  const known = new Map(runs.data?.items.map((run) => [run.run_id, run]));
  return (
    <div className="flex flex-col gap-5 pb-24" data-testid="conversation">
      <header>
        <h1 className="text-2xl font-semibold tracking-tight break-words">{title}</h1>
        <p className="text-ink-2">
          A conversation of{" "}
          {plural(runs.data?.items.length ?? new Set(segments.map(({ runId }) => runId)).size, "run")}, opened{" "}
          <When at={created_at} />.
        </p>
      </header>
      {segments.length === 0 ? <NothingYet /> : null}
      <Told
        {...{ conversationId, segments, known, seq, onSeq }}
        open={new Set(replay.data.pages.flatMap((page) => page.open_run_ids))}
        hasMore={replay.hasNextPage}
        more={
          replay.hasNextPage ? (
            <Button disabled={replay.isFetchingNextPage} onClick={() => replay.fetchNextPage()}>
              {replay.isFetchingNextPage ? "Loading…" : "Load what follows"}
            </Button>
          ) : null
        }
      />
    </div>
  );
}

function Failed({ error }: { error: unknown }) {
  return (
    <div className="grid gap-4 max-w-3xl">
      <h1 className="text-2xl font-semibold tracking-tight">
        {isUnknown(error) ? "There is no such conversation" : "This conversation cannot be shown now"}
      </h1>
      <ProblemNote
        error={error}
        action={
          <Link to="/runs" className={buttonClass("plain", "sm")}>
            See all runs
          </Link>
        }
      />
    </div>
  );
}

function NothingYet() {
  return (
    <Empty title="Nothing was said yet">
      Runs join a conversation by its id. What they say is shown here, one run after the other.
    </Empty>
  );
}

interface ToldProps extends Props {
  segments: readonly Segment[];
  known: ReadonlyMap<string, RunItem>;
  /** Runs that go on. */
  open: ReadonlySet<string>;
  hasMore: boolean;
  more: ReactNode;
}

function Told({ conversationId, segments, known, open, hasMore, more, seq, onSeq }: ToldProps) {
  const total = framesIn(segments);
  // Without a moment it is the end, which moves on as more is loaded.
  const [chosen, choose] = useState(seq);
  const at = Math.min(chosen ?? total, total);
  const isAtEnd = at === total;
  const end = useRef<HTMLSpanElement>(null);
  const [hasMoved, setMoved] = useState(seq !== null);
  // Who moves sees what was said last at the moment, however much stands before it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the moment is what moves
  useEffect(() => {
    if (hasMoved) end.current?.scrollIntoView({ block: "end" });
  }, [hasMoved, at]);
  const wanted = isAtEnd ? undefined : at;
  useEffect(() => {
    if (wanted === (seq ?? undefined)) return;
    const timer = setTimeout(() => onSeq(wanted), 150);
    return () => clearTimeout(timer);
  }, [wanted, seq, onSeq]);
  const place = placeAt(segments, at);
  const run = place ? known.get(place.runId) : undefined;
  const title = run ? (run.title ?? words(run.kind)) : `run …${shortId(place?.runId ?? "")}`;
  return (
    <>
      {segments.map((segment) => {
        const { runId, before } = segment;
        return open.has(runId) && isAtEnd && !segment.cut ? (
          <LiveSegment key={`${runId} ${before}`} segment={segment} run={known.get(runId)} />
        ) : (
          <RunSegment key={`${runId} ${before}`} segment={segment} run={known.get(runId)} at={at} />
        );
      })}
      <span ref={end} className="scroll-mb-24" />
      {more}
      <Bar
        {...{ segments, at, total }}
        onMove={(to) => {
          setMoved(true);
          choose(to >= total ? null : Math.max(1, to));
        }}
        cut={<CutButton {...{ conversationId, place, title, hasMore }} behind={total - at} />}
      />
    </>
  );
}

interface BarProps {
  segments: readonly Segment[];
  at: number;
  total: number;
  onMove: (at: number) => void;
  cut: ReactNode;
}

function Bar({ segments, at, total, onMove, cut }: BarProps) {
  const [back, on] = [runBeside(segments, at, -1), runBeside(segments, at, 1)];
  const share = total > 1 ? ((at - 1) / (total - 1)) * 100 : 100;
  return (
    <FootBar label="Playback" className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className="flex gap-1">
        <Button
          size="icon"
          kind="quiet"
          aria-label="Previous run"
          disabled={back === null}
          onClick={() => back && onMove(back)}
        >
          <ChevronLeft />
        </Button>
        <Button
          size="icon"
          kind="quiet"
          aria-label="Next run"
          disabled={on === null}
          onClick={() => on && onMove(on)}
        >
          <ChevronRight />
        </Button>
      </span>
      <input
        type="range"
        aria-label="Position in the conversation"
        aria-valuetext={`Frame ${at} of ${total}`}
        className="seek flex-1 min-w-40"
        style={{ "--seek": `${share}%` } as CSSProperties}
        min={Math.min(1, total)}
        max={Math.max(1, total)}
        value={at}
        disabled={total === 0}
        onChange={(event) => onMove(Number(event.target.value))}
      />
      <span className="num text-xs text-ink-2 whitespace-nowrap" data-testid="position">
        {count(at)} / {count(total)}
      </span>
      {cut}
    </FootBar>
  );
}
