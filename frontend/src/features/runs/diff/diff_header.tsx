import { Link } from "@tanstack/react-router";
import { ArrowLeftRight } from "lucide-react";
import type { Diff, DiffSide } from "@/api/types.ts";
import { count, plural, words } from "@/lib/format.ts";
import { buttonClass } from "@/ui/button.tsx";
import { Panel } from "@/ui/panel.tsx";
import { Badge } from "@/ui/status.tsx";
import type { Cause, Verdict } from "./verdict.ts";

/** Whether the two differ, and which they are. */
export function Header({ diff, verdict }: { diff: Diff; verdict: Verdict }) {
  const { left, right, totals } = diff;
  return (
    <header className="grid gap-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="text-2xl font-semibold tracking-tight min-w-0">Two runs, compared</h1>
        <Badge status={verdict.isSame ? "pass" : "warn"} label={verdict.isSame ? "The same" : "Different"} />
        <Link
          to="/runs/$a/diff/$b"
          params={{ a: right.run_id, b: left.run_id }}
          className={`${buttonClass("plain", "sm")} ml-auto`}
        >
          <ArrowLeftRight aria-hidden /> Change sides
        </Link>
      </div>
      <p className="text-lg text-pretty max-w-[76ch]" data-testid="verdict">
        {verdict.sentences.join(" ")}
      </p>
      <div className="grid gap-3 sm:grid-cols-2">
        <SideCard name="Left" side={left} />
        <SideCard name="Right" side={right} />
      </div>
      <p className="num text-sm text-ink-2">
        {plural(totals.same, "row")} the same, {count(totals.changed)} changed, {count(totals.removed)} in the
        left run only, {count(totals.added)} in the right only.
      </p>
    </header>
  );
}

function SideCard({ name, side }: { name: string; side: DiffSide }) {
  const { run_id: runId, title, kind, status, frames, rows } = side;
  return (
    <section
      aria-label={`${name} run`}
      className="bg-surface border border-line rounded-lg px-4 py-3 grid gap-1 min-w-0"
    >
      <p className="eyebrow">{name}</p>
      <p className="flex flex-wrap items-center gap-2 min-w-0">
        <Link
          to="/runs/$runId"
          params={{ runId }}
          className="font-medium text-accent hover:underline break-words min-w-0"
        >
          {title || words(kind)}
        </Link>
        <Badge status={status} />
      </p>
      <p className="num text-xs text-ink-3 break-all" title={runId}>
        {words(kind)} · {plural(frames, "frame")} · {plural(rows, "row")} ·{" "}
        <span className="font-mono">{runId}</span>
      </p>
    </section>
  );
}

/** What was asked for differently. */
export function Causes({ causes }: { causes: readonly Cause[] }) {
  return (
    <Panel title="Why they may differ" isFlush>
      <ul className="divide-y divide-line" data-testid="causes">
        {causes.map((cause) => (
          <li
            key={`${cause.sort}${cause.name}`}
            className="px-4 py-2 text-sm grid gap-x-4 gap-y-0.5 sm:grid-cols-[12rem_1fr_1fr]"
          >
            <span className="font-medium break-words">
              {cause.sort === "input" ? `Input: ${words(cause.name).toLowerCase()}` : cause.name}
            </span>
            <span className="num break-all">
              <span className="text-ink-3">left </span>
              {cause.left}
            </span>
            <span className="num break-all">
              <span className="text-ink-3">right </span>
              {cause.right}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
