import type { ReactNode } from "react";
import { decimal, words } from "@/lib/format.ts";
import type { FileResult } from "@/lib/frames/types.ts";
import { safeHref } from "@/lib/href.ts";
import { JsonView } from "@/ui/json_view.tsx";
import { Glyph } from "@/ui/status.tsx";
import type { ToolBlock } from "./block.ts";
import { Fields } from "./fields_view.tsx";
import { Images } from "./images.tsx";
import { Omissions } from "./omissions.tsx";

/** Everything that was said of a call, in the order in which a call goes: what was asked, the decision, what came of it. */
export function ToolBody({ tool, children }: { tool: ToolBlock; children: ReactNode }) {
  const { details, argumentsText, code, isCodeDone, output, approval, images, fields, omissions } = tool;
  const name = tool.name ?? words(tool.toolType);
  const queries = [details.query, ...(details.queries ?? [])].filter((query) => query !== null);
  return (
    <>
      {queries.length > 0 ? (
        <Part title="Asked for">{queries.map((query) => `“${query}”`).join(", ")}</Part>
      ) : null}
      {argumentsText !== null ? (
        <Part title="Arguments">
          <JsonView value={pretty(argumentsText)} label={`Arguments of ${name}`} />
        </Part>
      ) : null}
      {code !== null ? (
        <Part title={isCodeDone ? "Source" : "Source, still coming"}>
          <JsonView value={code} label={`Source run by ${name}`} />
        </Part>
      ) : null}
      {approval ? <Decision approval={approval} /> : null}
      <Settings tool={tool} />
      {children ? (
        <Part title="What the agent said">
          <div className="grid gap-2 border-l-2 border-line-strong pl-3 min-w-0">{children}</div>
        </Part>
      ) : null}
      <Sources urls={details.sources ?? []} />
      <Results results={details.results ?? []} />
      <Images images={images} name={name} />
      <Fields fields={fields} />
      {output !== undefined ? (
        <Part title="Result">
          <JsonView value={output} label={`Result of ${name}`} />
        </Part>
      ) : null}
      <Omissions omissions={omissions} />
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="grid gap-1 min-w-0">
      <p className="eyebrow">{title}</p>
      {children}
    </div>
  );
}

/** What a person said to the call. */
function Decision({ approval }: { approval: NonNullable<ToolBlock["approval"]> }) {
  const { approved, reason, approval_request_id: request } = approval;
  return (
    <Part title="Decision">
      <p
        className="flex flex-wrap items-center gap-x-2 text-sm"
        data-decision={approved ? "approved" : "denied"}
      >
        <Glyph status={approved ? "pass" : "denied"} />
        {approved ? "Approved: the call may run" : "Denied: the call does not run"}
        {reason ? <span className="text-ink-2">“{reason}”</span> : null}
        {request ? <code className="font-mono text-xs text-ink-3">{request}</code> : null}
      </p>
    </Part>
  );
}

/** How a hosted tool was set. */
function Settings({ tool: { details } }: { tool: ToolBlock }) {
  const { container_id, container_mode, revised_prompt, format, size, quality, background } = details;
  const facts = [
    container_id ? `container ${container_id}${container_mode ? ` (${container_mode})` : ""}` : null,
    container_id === null && container_mode ? `container: ${container_mode}` : null,
    revised_prompt ? `prompt: “${revised_prompt}”` : null,
    [format, size, quality, background].filter(Boolean).join(", ") || null,
  ].filter((fact) => fact !== null);
  return facts.length > 0 ? <p className="text-xs text-ink-3 break-words">{facts.join(" · ")}</p> : null;
}

function Sources({ urls }: { urls: readonly string[] }) {
  if (urls.length === 0) return null;
  return (
    <Part title="Sources">
      <ul className="grid gap-0.5 text-sm">
        {urls.map((url) => (
          <li key={url} className="break-all">
            <Address url={url} />
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Address({ url }: { url: string }) {
  const href = safeHref(url);
  return href === null ? (
    url
  ) : (
    <a href={href} target="_blank" rel="noreferrer noopener" className="text-accent hover:underline">
      {url}
    </a>
  );
}

function Results({ results }: { results: readonly FileResult[] }) {
  if (results.length === 0) return null;
  return (
    <Part title="Found">
      <ol className="grid gap-2 text-sm">
        {results.map(({ file_id, filename, score, vector_store_id, text, attributes }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a file may be found twice, and what is found does not move
          <li key={at} className="min-w-0">
            <p className="flex flex-wrap gap-x-2 items-baseline">
              <span className="font-medium break-words">{filename ?? file_id}</span>
              <span className="num text-xs text-ink-3">
                {[
                  score == null ? null : `score ${decimal(score)}`,
                  vector_store_id,
                  filename ? file_id : null,
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
            </p>
            {text ? <p className="text-ink-2 whitespace-pre-line break-words">{text}</p> : null}
            {attributes ? (
              <p className="text-xs text-ink-3 font-mono break-all">{JSON.stringify(attributes)}</p>
            ) : null}
          </li>
        ))}
      </ol>
    </Part>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
