import clsx from "clsx";
import { words } from "@/lib/format.ts";
import type { MessageBlock } from "./block.ts";
import { Citations } from "./citations.tsx";
import { Fields } from "./fields_view.tsx";
import { Omissions } from "./omissions.tsx";

/** What was said, or that an answer was refused: a refusal is an answer, never an error. */
export function Message({ block }: { block: MessageBlock }) {
  const { role, text, isDone, isRefusal, citations, fields, omissions } = block;
  return (
    <article
      data-block={isRefusal ? "refusal" : "message"}
      className={clsx(
        "rounded-lg border border-line px-4 py-3 max-w-[76ch] min-w-0 grid gap-2",
        isRefusal ? "bg-warn-wash" : role === "user" ? "bg-sunken" : "bg-surface",
      )}
    >
      {isRefusal ? <p className="eyebrow">Refused</p> : null}
      {role === null || role === "assistant" ? null : <p className="eyebrow">{words(role)}</p>}
      {text === "" ? null : (
        <p className="text-pretty whitespace-pre-line break-words">
          {text}
          {isDone ? null : (
            <span className="text-ink-3" aria-hidden>
              ▋
            </span>
          )}
        </p>
      )}
      <Fields fields={fields} />
      <Citations citations={citations} />
      <Omissions omissions={omissions} />
    </article>
  );
}
