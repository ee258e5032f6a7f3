import { Collapsible } from "@base-ui/react/collapsible";
import { ChevronRight } from "lucide-react";
import { plural } from "@/lib/format.ts";
import type { ReasoningBlock } from "./block.ts";
import { Omissions } from "./omissions.tsx";

/** A summary of how the answer came about, part by part. What an agent thought word by word is never recorded. */
export function Reasoning({ block: { parts, omissions } }: { block: ReasoningBlock }) {
  return (
    <Collapsible.Root
      defaultOpen
      data-block="reasoning"
      className="rounded-lg border border-line bg-surface max-w-[76ch] min-w-0"
    >
      <Collapsible.Trigger className="group w-full flex items-center gap-2 px-3 h-8 text-left text-xs text-ink-3 hover:bg-hover">
        <ChevronRight
          className="size-3.5 transition-transform group-data-[panel-open]:rotate-90"
          aria-hidden
        />
        Reasoning, summarised <span className="num">· {plural(parts.length, "part")}</span>
      </Collapsible.Trigger>
      <Collapsible.Panel className="px-4 pb-3 grid gap-2">
        <ol className="grid gap-1.5 text-ink-2 italic">
          {parts.map(({ index, text, isDone }) => (
            <li key={index} className="text-pretty whitespace-pre-line break-words">
              {text}
              {isDone ? null : (
                <span className="text-ink-3" aria-hidden>
                  ▋
                </span>
              )}
            </li>
          ))}
        </ol>
        <Omissions omissions={omissions} />
      </Collapsible.Panel>
    </Collapsible.Root>
  );
}
