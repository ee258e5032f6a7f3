import type { ReactNode } from "react";
import { asProblem } from "@/api/problem.ts";
import { buttonClass } from "./button.tsx";
import { CopyButton } from "./copy.tsx";
import { Quoted } from "./quoted.tsx";

/** A refusal, with its code, its fields and the request id that finds it in the server's log. */
export function ProblemNote(props: {
  error: unknown;
  action?: ReactNode;
  /** What it means here; absent: what the server calls it. */
  title?: string | undefined;
  /** Fields of the page that show what is said of them. */
  shown?: readonly string[];
}) {
  const { error, action, title, shown = [] } = props;
  const problem = asProblem(error);
  // A refusal of one field says the same in its sentence and of the field: once is enough.
  const fields = problem.fields.filter(
    ({ field, message }) => !problem.message.includes(message) && !shown.includes(field),
  );
  return (
    <div role="alert" className="rounded-lg border border-line bg-fail-wash px-4 py-3 text-sm grid gap-2">
      <div className="flex flex-wrap items-baseline gap-x-2">
        <strong className="text-fail font-semibold">{title ?? problem.title}</strong>
        <code className="font-mono text-xs text-ink-2">{problem.code}</code>
      </div>
      <p className="text-ink break-words min-w-0">
        <Quoted text={problem.message} />
      </p>
      {fields.length > 0 ? (
        <ul className="grid gap-0.5">
          {fields.map(({ field, message }) => (
            <li key={`${field}${message}`}>
              <code className="font-mono text-xs font-medium">{field}</code> <Quoted text={message} />
            </li>
          ))}
        </ul>
      ) : null}
      <div className="flex flex-wrap items-center gap-2">
        {action}
        {problem.status === 401 ? (
          <a href="/access" className={buttonClass("plain", "sm")}>
            Sign in
          </a>
        ) : null}
        <CopyButton text={problem.toText()} label="Copy details" />
        {problem.requestId ? (
          <span className="text-xs text-ink-2">
            Request <code className="font-mono">{problem.requestId}</code>
          </span>
        ) : null}
      </div>
    </div>
  );
}
