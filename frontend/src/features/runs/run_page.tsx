import { Tabs } from "@base-ui/react/tabs";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowRight, Download, OctagonX } from "lucide-react";
import { useEffect, useState } from "react";
import type { RunDetail } from "@/api/types.ts";
import { download } from "@/lib/csv.ts";
import { count, duration, elapsedMs, words } from "@/lib/format.ts";
import { useNow } from "@/lib/now.ts";
import { Button, buttonClass } from "@/ui/button.tsx";
import { CopyButton } from "@/ui/copy.tsx";
import { Confirm } from "@/ui/dialog.tsx";
import { JsonView } from "@/ui/json_view.tsx";
import { Loading, Panel } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { When } from "@/ui/time.tsx";
import { CancelOutcome, useCancel } from "./cancel.tsx";
import { FrameInspector } from "./frame_inspector.tsx";
import type { RunLog } from "./log.ts";
import { isSettled, runQuery } from "./queries.ts";
import { Questions } from "./question_panel.tsx";
import { RunFacts } from "./run_facts.tsx";
import { RunStatusBadge, waitingFor } from "./run_status.tsx";
import { StreamNote } from "./stream_note.tsx";
import { Transcript } from "./transcript_view.tsx";
import type { Transport } from "./transport.ts";
import { TransportBar } from "./transport_bar.tsx";
import { useRefetchAtEnd, useRunLog, useTransport } from "./use_run.ts";
import { useProof, VerifiedBadge } from "./verified_badge.tsx";

type RunTab = "transcript" | "frames" | "spec";

interface Props {
  runId: string;
  /** A deep link to one moment. */
  seq: number | null;
  tab: RunTab;
  onMoment: (moment: { seq?: number | undefined; tab?: RunTab | undefined }) => void;
}

/** One run, live or historic: the same stream, reducer and components for both. */
export function RunPage({ runId, seq, tab, onMoment }: Props) {
  const run = useQuery(runQuery(runId));
  const { log, state } = useRunLog(runId);
  const { transport, dispatch } = useTransport(log, state, seq);
  const proof = useProof(log, state);
  useRefetchAtEnd(runId, state);
  useUrlSeq(transport, seq, onMoment);
  if (run.error && !run.data) return <ProblemNote error={run.error} />;
  if (!run.data) return <Loading label="Loading the run" lines={6} />;
  const isAtEnd = transport.seq >= state.length;
  const hasEnded = state.stream.phase === "ended" && isAtEnd;
  return (
    <div className="grid gap-4">
      <Header run={run.data} log={log} badge={<VerifiedBadge proof={proof} />} seq={transport.seq} />
      <StreamNote state={state} />
      <Questions run={run.data} />
      <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0 grid gap-4 content-start">
          <Tabs.Root value={tab} onValueChange={(value) => onMoment({ tab: value as RunTab })}>
            <Tabs.List className="flex gap-1 border-b border-line mb-4">
              <Tab value="transcript">Transcript</Tab>
              <Tab value="frames">
                Frames <span className="num text-ink-3">{count(state.length)}</span>
              </Tab>
              <Tab value="spec">Spec</Tab>
            </Tabs.List>
            <Tabs.Panel value="transcript">
              {state.length === 0 ? (
                <Waiting run={run.data} />
              ) : (
                <Transcript transcript={log.viewAt(transport.seq)} hasEnded={hasEnded} />
              )}
            </Tabs.Panel>
            <Tabs.Panel value="frames">
              <FrameInspector
                log={log}
                length={state.length}
                seq={transport.seq}
                onSelect={(each) => dispatch({ type: "seek", seq: each })}
              />
            </Tabs.Panel>
            <Tabs.Panel value="spec">
              <Panel title="What was asked for">
                <JsonView value={run.data.spec} label="Spec" />
              </Panel>
            </Tabs.Panel>
          </Tabs.Root>
          <TransportBar
            log={log}
            length={state.length}
            transport={transport}
            dispatch={dispatch}
            isOpen={state.stream.phase === "open" && !isSettled(run.data.status)}
          />
        </div>
        <RunFacts run={run.data} />
      </div>
    </div>
  );
}

function Tab({ value, children }: { value: RunTab; children: React.ReactNode }) {
  return (
    <Tabs.Tab
      value={value}
      className="px-3 h-9 -mb-px border-b-2 border-transparent text-sm text-ink-2 hover:text-ink data-[active]:border-accent data-[active]:text-ink data-[active]:font-medium"
    >
      {children}
    </Tabs.Tab>
  );
}

function Header(props: { run: RunDetail; log: RunLog; badge: React.ReactNode; seq: number }) {
  const { run, log, badge, seq } = props;
  const now = useNow();
  const worked = elapsedMs(
    run.started_at,
    run.ended_at ?? (run.started_at ? new Date(now).toISOString() : null),
  );
  const moment = () => `${location.origin}/runs/${run.run_id}?seq=${seq}`;
  return (
    <header className="grid gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="text-2xl font-semibold tracking-tight min-w-0 break-words">
          {run.title ?? words(run.kind)}
        </h1>
        <RunStatusBadge run={run} />
        {badge}
        <div className="ml-auto flex flex-wrap gap-2">
          <CopyButton text={moment()} label="Copy link to this moment" />
          <Button
            size="sm"
            onClick={() =>
              download(
                `${run.run_id}.ndjson`,
                log.lines.map((line) => `${line.text}\n`).join(""),
                "application/x-ndjson",
              )
            }
          >
            <Download aria-hidden /> Frames
          </Button>
          <ResultLink run={run} />
          <CancelButton run={run} />
        </div>
      </div>
      <p className="num text-sm text-ink-3 flex flex-wrap gap-x-2">
        <span>{words(run.kind)}</span>·
        <span>
          started <When at={run.started_at ?? run.created_at} />
        </span>
        ·<span>{duration(worked)}</span>·<span>attempt {Math.max(1, run.attempt)}</span>
      </p>
    </header>
  );
}

/** To the page that says what came out, where the kind has one. */
function ResultLink({ run }: { run: RunDetail }) {
  const look = buttonClass("plain", "sm");
  if (run.kind === "comparison") {
    return (
      <Link to="/compare/$selectionId" params={{ selectionId: run.run_id }} className={look}>
        Result <ArrowRight aria-hidden />
      </Link>
    );
  }
  if (run.kind !== "showcase") return null;
  return (
    <Link to="/showcase" search={{ run: run.run_id }} className={look}>
      Result <ArrowRight aria-hidden />
    </Link>
  );
}

function CancelButton({ run }: { run: RunDetail }) {
  const [isAsking, setAsking] = useState(false);
  const cancel = useCancel(run.run_id);
  const isOver = isSettled(run.status);
  return (
    <>
      <Button
        size="sm"
        kind="danger"
        disabled={isOver || cancel.isPending}
        title={isOver ? "The run has ended; it never changes again" : undefined}
        onClick={() => setAsking(true)}
      >
        <OctagonX aria-hidden /> {cancel.isPending ? "Cancelling…" : "Cancel run"}
      </Button>
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => cancel.mutate()}
        title="Cancel this run?"
        confirm="Cancel run"
        keep="Keep running"
      >
        Work in progress stops at its next safe point, what has finished is kept, and the run ends as
        cancelled. It cannot be continued.
      </Confirm>
      {cancel.error ? <CancelOutcome error={cancel.error} /> : null}
    </>
  );
}

function Waiting({ run }: { run: RunDetail }) {
  return (
    <p className="text-ink-2 text-sm py-6" role="status">
      {run.status === "queued"
        ? "Queued: the first frame arrives when a worker takes the run."
        : run.status === "waiting"
          ? `${waitingFor(run)}.`
          : "Waiting for the first frame…"}
    </p>
  );
}

/** While the viewer stands still, the address names the moment; while it moves, the address stays. */
function useUrlSeq(transport: Transport, seq: number | null, onMoment: Props["onMoment"]): void {
  const wanted = transport.mode === "paused" ? transport.seq : transport.mode === "live" ? null : seq;
  useEffect(() => {
    if (wanted === seq || wanted === 0) return;
    const timer = setTimeout(() => onMoment({ seq: wanted ?? undefined }), 150);
    return () => clearTimeout(timer);
  }, [wanted, seq, onMoment]);
}
