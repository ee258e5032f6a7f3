import { Collapsible } from "@base-ui/react/collapsible";
import clsx from "clsx";
import { ChevronRight } from "lucide-react";
import { type ReactNode, useState } from "react";
import { duration, elapsedMs, words } from "@/lib/format.ts";
import { useModelName } from "@/ui/model_name.tsx";
import { Glyph } from "@/ui/status.tsx";
import type { Planned } from "../planned.ts";
import type { ToolBlock } from "./block.ts";
import { ToolBody } from "./tool_body.tsx";
import { isOpen, shownStatus, statusWords } from "./tool_status.ts";

interface Props {
  tool: ToolBlock;
  planned: Planned;
  hasEnded: boolean;
  /** What an agent said inside the call. */
  children: ReactNode;
}

/** One call of a tool: how it stands in its head, everything that was said of it in its body. */
export function ToolCard({ tool, planned, hasEnded, children }: Props) {
  const status = shownStatus(tool, hasEnded);
  const [chosen, setChosen] = useState<boolean | null>(null);
  const hasBody = bodyOf(tool);
  return (
    <li data-block="tool" data-tool={tool.toolType} data-status={status} className="min-w-0">
      <Collapsible.Root
        disabled={!hasBody}
        open={hasBody && (chosen ?? opensItself(tool))}
        onOpenChange={setChosen}
      >
        <Collapsible.Trigger className="group w-full flex items-center gap-2.5 px-3 min-h-9 py-1.5 text-left hover:bg-hover">
          <ChevronRight
            className={clsx(
              "size-3.5 shrink-0 text-ink-3 transition-transform group-data-[panel-open]:rotate-90",
              !hasBody && "invisible",
            )}
            aria-hidden
          />
          <Glyph status={status} />
          <ToolName tool={tool} planned={planned} />
          <span className="ml-auto flex flex-wrap justify-end items-center gap-x-3 text-xs text-ink-3">
            <span className="num">{headline(tool)}</span>
            <span className="num max-sm:hidden">{tookOf(tool)}</span>
            <span className={clsx(status === "denied" && "text-fail font-medium")}>
              {statusWords(status)}
            </span>
          </span>
        </Collapsible.Trigger>
        <Collapsible.Panel className="px-4 pb-3 grid gap-3 min-w-0">
          <ToolBody tool={tool}>{children}</ToolBody>
        </Collapsible.Panel>
      </Collapsible.Root>
    </li>
  );
}

/** A candidate's card is called by its model type, a provider's by its tool. */
function ToolName({ tool, planned }: Pick<Props, "tool" | "planned">) {
  const nameOf = useModelName();
  const { name, branch, toolType, server, agent } = tool;
  const shown = name ?? planned[branch ?? -1];
  const prefix = toolType === "agent" ? "agent:" : server ? `${server}/` : "";
  return (
    <span className="text-sm font-medium min-w-0 break-words" title={shown ?? toolType}>
      {prefix ? <span className="text-ink-3 font-normal">{prefix}</span> : null}
      {shown === undefined ? words(toolType) : prefix ? shown : nameOf(shown)}
      {agent && agent !== shown ? <span className="text-ink-3 font-normal"> · {agent}</span> : null}
    </span>
  );
}

/** What a person has to look at, or what only shows itself: a question, an agent at work, a picture. */
function opensItself(tool: ToolBlock): boolean {
  if (tool.images.length > 0 || tool.approval?.approved === false) return true;
  return isOpen(tool) && tool.toolType !== "function";
}

function bodyOf(tool: ToolBlock): boolean {
  const { argumentsText, code, output, approval, images, fields, nested, omissions, details } = tool;
  const lists = [images, fields, nested, omissions];
  return (
    argumentsText !== null ||
    code !== null ||
    output !== undefined ||
    approval !== null ||
    lists.some((list) => list.length > 0) ||
    Object.values(details).some((value) => value !== null)
  );
}

function tookOf({ startedAt, endedAt }: ToolBlock): string {
  const ms = elapsedMs(startedAt, endedAt);
  return ms === null || ms < 1 ? "" : duration(ms);
}

/** What a reader of a candidate's result looks for first: that racing dropped it, or its one number. */
function headline({ output }: ToolBlock): string {
  const facts = output as Partial<Record<string, unknown>> | null | undefined;
  if (facts?.status === "dropped")
    return `Dropped after ${facts.series_done} of ${facts.series_total} series`;
  const wape = (facts?.metrics as { wape?: unknown } | undefined)?.wape;
  return typeof wape === "number" ? `WAPE ${wape.toFixed(1)} %` : "";
}
