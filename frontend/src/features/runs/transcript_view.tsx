import { Collapsible } from "@base-ui/react/collapsible";
import clsx from "clsx";
import { ChevronRight } from "lucide-react";
import { plural, words } from "@/lib/format.ts";
import { JsonView } from "@/ui/json_view.tsx";
import { useModelName } from "@/ui/model_name.tsx";
import { Badge, Glyph, toneOf } from "@/ui/status.tsx";
import type { Planned } from "./planned.ts";
import { PhaseList } from "./step_list.tsx";
import type { BlockView, NoticeView, TerminalView, TranscriptView } from "./view.ts";

/** A transcript but for its end, live or replayed: what is drawn depends on the frames, and on nothing else but the names of models. */
export function Transcript({ transcript, planned }: { transcript: TranscriptView; planned: Planned }) {
  const hasEnded = transcript.terminal !== null;
  const tools = transcript.blocks.filter((block) => block.type === "tool");
  const texts = transcript.blocks.filter((block) => block.type !== "tool");
  return (
    <div className="grid gap-4 min-w-0" data-testid="transcript">
      {transcript.notices.map((notice) => (
        <Notice key={`${notice.code}${notice.message}`} notice={notice} />
      ))}
      {transcript.approvals.map((approval) => (
        <p key={approval.id} className="flex flex-wrap items-center gap-2 text-sm">
          <Badge
            status={approval.decision === "rejected" ? "failed" : approval.decision ? "completed" : "running"}
            label={words(approval.decision ?? "waiting for approval")}
          />
          {approval.title}
          {approval.reason ? <span className="text-ink-3">{approval.reason}</span> : null}
        </p>
      ))}
      {transcript.phases.length > 0 ? <PhaseList phases={transcript.phases} hasEnded={hasEnded} /> : null}
      {tools.length > 0 ? (
        <ul className="bg-surface border border-line rounded-lg divide-y divide-line">
          {tools.map((block) => (
            <ToolCard key={block.id} tool={block} planned={planned} />
          ))}
        </ul>
      ) : null}
      {texts.map((block) => (
        <TextBlock key={block.id} block={block} />
      ))}
      {transcript.omissions.length > 0 ? (
        <ul className="text-xs text-ink-3" aria-label="What was left out of frames">
          {transcript.omissions.map((omission) => (
            <li key={omission}>{omission}</li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

/** How the run ended, as its last frame says it. */
export function Ending({ terminal }: { terminal: TerminalView }) {
  const tone = toneOf(terminal.status);
  return (
    <div
      className={clsx(
        "rounded-lg border border-line px-4 py-3 flex gap-3",
        tone === "pass" && "bg-pass-wash",
        tone === "fail" && "bg-fail-wash",
        tone === "warn" && "bg-warn-wash",
        tone === "idle" && "bg-sunken",
      )}
    >
      <span className="mt-0.5">
        <Glyph status={terminal.status} />
      </span>
      <div className="min-w-0 grid gap-1">
        <p className="font-semibold">
          {terminal.status === "error" ? "The run ended with an error" : words(terminal.status)}
          {terminal.code ? (
            <code className="ml-2 font-mono text-xs font-normal text-ink-2">{terminal.code}</code>
          ) : null}
        </p>
        {terminal.text ? <p className="text-ink-2 break-words whitespace-pre-line">{terminal.text}</p> : null}
        {terminal.status === "error" && terminal.isRetryable ? (
          <p className="text-xs text-ink-2">Starting it again may work: the cause can pass.</p>
        ) : null}
        {terminal.structured !== null ? (
          <details>
            <summary className="text-xs text-ink-2">For programs</summary>
            <JsonView value={terminal.structured} label="What the end says to programs" />
          </details>
        ) : null}
      </div>
    </div>
  );
}

function Notice({ notice }: { notice: NoticeView }) {
  return (
    <p className="flex items-start gap-2 text-sm">
      <Badge status={notice.level} />
      <span className="min-w-0">
        {notice.message} <code className="font-mono text-xs text-ink-3">{notice.code}</code>
      </span>
    </p>
  );
}

type Tool = Extract<BlockView, { type: "tool" }>;

function ToolCard({ tool, planned }: { tool: Tool; planned: Planned }) {
  // A candidate's card is called by its model type.
  const nameOf = useModelName();
  const name = tool.name ?? planned[tool.branch ?? -1] ?? tool.toolType;
  const hasBody = tool.argumentsText !== null || tool.output !== undefined || tool.nested.length > 0;
  return (
    <li>
      <Collapsible.Root disabled={!hasBody}>
        <Collapsible.Trigger className="group w-full flex items-center gap-2.5 px-3 h-9 text-left hover:bg-hover">
          <ChevronRight
            className={clsx(
              "size-3.5 text-ink-3 transition-transform group-data-[panel-open]:rotate-90",
              !hasBody && "invisible",
            )}
            aria-hidden
          />
          <Glyph status={tool.status} />
          <span className="text-sm font-medium" title={name}>
            {nameOf(name)}
          </span>
          <span className="ml-auto flex items-center gap-3 text-xs text-ink-3">
            <span className="num">{headline(tool.output)}</span>
            <span>{words(tool.status)}</span>
          </span>
        </Collapsible.Trigger>
        <Collapsible.Panel className="px-4 pb-3 grid gap-2">
          {tool.argumentsText !== null ? (
            <div className="grid gap-1">
              <div className="eyebrow">Arguments</div>
              <JsonView value={pretty(tool.argumentsText)} label={`Arguments of ${name}`} />
            </div>
          ) : null}
          {tool.output !== undefined ? (
            <div className="grid gap-1">
              <div className="eyebrow">Result</div>
              <JsonView value={tool.output} label={`Result of ${name}`} />
            </div>
          ) : null}
          {tool.nested.map((block) =>
            block.type === "tool" ? null : <TextBlock key={block.id} block={block} />,
          )}
        </Collapsible.Panel>
      </Collapsible.Root>
    </li>
  );
}

/** What a reader of a candidate's result looks for first: that racing dropped it, or its one number. */
function headline(output: unknown): string {
  const facts = output as Partial<Record<string, unknown>> | undefined;
  if (facts?.status === "dropped")
    return `Dropped after ${facts.series_done} of ${facts.series_total} series`;
  const wape = (facts?.metrics as { wape?: unknown } | undefined)?.wape;
  return typeof wape === "number" ? `WAPE ${wape.toFixed(1)} %` : "";
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function TextBlock({ block }: { block: Exclude<BlockView, Tool> }) {
  if (block.text === "") return null;
  const isRefusal = block.type === "message" && block.isRefusal;
  return (
    <article
      className={clsx(
        "rounded-lg border border-line px-4 py-3 text-pretty whitespace-pre-line max-w-[76ch]",
        isRefusal ? "bg-warn-wash" : "bg-surface",
        block.type === "reasoning" && "text-ink-2 italic",
      )}
    >
      {isRefusal ? <p className="eyebrow mb-1">No champion is named</p> : null}
      {block.text}
      {block.isDone ? null : <span className="text-ink-3">▋</span>}
      {block.type === "message" && block.citations > 0 ? (
        <p className="text-xs text-ink-3 mt-1">{plural(block.citations, "source")}</p>
      ) : null}
    </article>
  );
}
