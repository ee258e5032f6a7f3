import clsx from "clsx";
import { words } from "@/lib/format.ts";
import { JsonView } from "@/ui/json_view.tsx";
import { Badge, Glyph, toneOf } from "@/ui/status.tsx";
import type { Planned } from "./planned.ts";
import { PhaseList } from "./step_list.tsx";
import { BlockList } from "./transcript/block_list.tsx";
import type { NoticeView, TerminalView, TranscriptView } from "./view.ts";

/** A transcript but for its end, live or replayed: what is drawn depends on the frames, and on nothing else but the names of models. */
export function Transcript({ transcript, planned }: { transcript: TranscriptView; planned: Planned }) {
  const hasEnded = transcript.terminal !== null;
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
      <BlockList blocks={transcript.blocks} planned={planned} hasEnded={hasEnded} />
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
