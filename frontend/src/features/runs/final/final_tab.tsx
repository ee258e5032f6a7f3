import clsx from "clsx";
import { useRef } from "react";
import type { RunDetail } from "@/api/types.ts";
import { count, words } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { JsonView } from "@/ui/json_view.tsx";
import { Empty, Facts, Panel } from "@/ui/panel.tsx";
import { Badge } from "@/ui/status.tsx";
import type { Playback } from "../playback.ts";
import { isSettled } from "../queries.ts";
import { Attachments } from "./attachments.tsx";
import { type FinalSource, type FinalView, finalView, isSilent } from "./final_view.ts";
import { useEnd } from "./kept_end.ts";

/** What came out, and who says so. */
export function FinalTab({ run, playback }: { run: RunDetail; playback: Playback }) {
  const wasLive = useRef(false);
  wasLive.current ||= !isSettled(run.status);
  const terminal = useEnd(run, playback);
  const view = finalView({ terminal, isAtEnd: playback.isAtEnd, wasLive: wasLive.current }, run);
  return view ? <Came view={view} run={run} /> : <NotYet playback={playback} run={run} />;
}

function NotYet({ playback, run }: { playback: Playback; run: RunDetail }) {
  const { seq, state, isAtEnd, dispatch } = playback;
  if (isAtEnd) return <Empty title="Nothing final yet">{STILL[run.status] ?? "The run goes on."}</Empty>;
  return (
    <Empty
      title="Nothing final at this moment"
      action={
        <Button onClick={() => dispatch({ type: "seek", seq: state.length })}>To the last frame</Button>
      }
    >
      Frame {count(seq)} of {count(state.length)} is shown; what came out is said by a later one.
    </Empty>
  );
}

const STILL: Record<string, string> = {
  queued: "No worker has taken the run yet.",
  waiting: "The run waits; what came out is said by its last frame.",
  running: "The run goes on; what came out is said by its last frame.",
};

function Came({ view, run }: { view: FinalView; run: RunDetail }) {
  const { text, refusal, reasoning, structured, attachments, error } = view;
  return (
    <div className="grid gap-4 min-w-0" data-testid="final" data-source={view.source}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-2">
        <Badge status={view.status} />
        <span>{sourceWords(view)}</span>
      </div>
      {error ? <Failure error={error} /> : null}
      {text ? <Said text={text} /> : null}
      {refusal ? <Said text={refusal} title="Refused" isRefusal /> : null}
      {isSilent(view) ? (
        <p className="text-sm text-ink-2">
          It ended without words, an answer for programs or an attachment.
          {run.artifacts.length > 0 ? " What it left behind is under Artifacts." : ""}
        </p>
      ) : null}
      <Attachments attachments={attachments} />
      {structured === undefined ? null : (
        <Panel title="Structured output">
          <JsonView value={structured} label="Structured output" />
        </Panel>
      )}
      {reasoning ? <Said text={reasoning} title="Reasoning, summarised" /> : null}
      <Usage usage={view.usage} />
    </div>
  );
}

function sourceWords({ source, eventId }: FinalView): string {
  return source === "row" ? SOURCES.row : `Said by frame ${count(eventId)}, ${SOURCES[source]}`;
}

const SOURCES: Record<FinalSource, string> = {
  recorded: "as it was recorded.",
  live: "seen live.",
  row: "Said by the run's row alone: no last frame of it can be had.",
};

function Said({ text, title, isRefusal = false }: { text: string; title?: string; isRefusal?: boolean }) {
  return (
    <article
      className={clsx(
        "rounded-lg border border-line px-4 py-3 max-w-[76ch] min-w-0",
        isRefusal ? "bg-warn-wash" : "bg-surface",
      )}
    >
      {title ? <p className="eyebrow mb-1">{title}</p> : null}
      <p className="text-pretty whitespace-pre-line break-words">{text}</p>
    </article>
  );
}

function Failure({ error }: { error: NonNullable<FinalView["error"]> }) {
  const { code, message, source, is_retryable } = error;
  return (
    <div role="alert" className="rounded-lg border border-line bg-fail-wash px-4 py-3 grid gap-1">
      <p className="break-words">{message}</p>
      <p className="text-xs text-ink-2">
        {code ? <code className="font-mono">{code}</code> : null} from the {words(source).toLowerCase()}
        {is_retryable ? " · starting it again may work: the cause can pass" : ""}
      </p>
    </div>
  );
}

function Usage({ usage }: Pick<FinalView, "usage">) {
  const facts = Object.entries(usage ?? {}).flatMap(([name, value]) =>
    typeof value === "number" ? [[words(name), count(value)] as const] : [],
  );
  if (facts.length === 0) return null;
  return (
    <Panel title="What it took" className="max-w-md">
      <Facts facts={facts} />
    </Panel>
  );
}
