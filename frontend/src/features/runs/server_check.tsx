import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { ShieldCheck } from "lucide-react";
import type { RunDetail, VerifiedPart } from "@/api/types.ts";
import { count, words } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { Panel } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { Quoted } from "@/ui/quoted.tsx";
import { Glyph } from "@/ui/status.tsx";
import { verdictQuery } from "./queries.ts";

/** What the server found when it checked the run, part by part. The seal beside the title is this browser's own word. */
export function ServerCheck({ run }: { run: RunDetail }) {
  const verdict = useQuery({ ...verdictQuery(run.run_id, run.ledger.is_closed), enabled: false });
  return (
    <Panel
      title="Checked by the server"
      isFlush
      aside={
        <Button size="sm" disabled={verdict.isFetching} onClick={() => void verdict.refetch()}>
          <ShieldCheck aria-hidden />{" "}
          {verdict.isFetching ? "Checking…" : verdict.data ? "Check again" : "Check now"}
        </Button>
      }
    >
      {verdict.error ? (
        <div className="p-3">
          <ProblemNote error={verdict.error} />
        </div>
      ) : null}
      {verdict.data ? (
        <ul className="divide-y divide-line" data-testid="server-check">
          {verdict.data.parts.map((part) => (
            <Part key={part.part} part={part} />
          ))}
        </ul>
      ) : verdict.error ? null : (
        <p className="px-4 py-3 text-sm text-ink-3">
          Frames, rows, inputs, artifacts with their bytes, and what the run wrote.
        </p>
      )}
      {verdict.data && verdict.data.pruned > 0 ? (
        <p className="px-4 py-2 border-t border-line text-xs text-ink-3">
          {count(verdict.data.pruned)} frames were removed under retention; their digests prove them.
        </p>
      ) : null}
      <p className="px-4 py-2 border-t border-line text-xs text-ink-3">
        <a href={`/api/runs/${run.run_id}/bundle`} download className="text-accent hover:underline">
          Download it with its proof
        </a>
        {" · "}
        <Link to="/check" className="text-accent hover:underline">
          check that without this server
        </Link>
      </p>
    </Panel>
  );
}

function Part({ part }: { part: VerifiedPart }) {
  return (
    <li
      className="px-4 py-2 text-sm grid gap-1"
      data-part={part.part}
      data-status={part.verified ? "pass" : "fail"}
    >
      <div className="flex items-center gap-2">
        <Glyph status={part.verified ? "pass" : "fail"} />
        <span className="font-medium">{words(part.part)}</span>
        <span className="sr-only">{part.verified ? "verified" : "not verified"}</span>
        <span className="num ml-auto text-xs text-ink-3">{count(part.checked)} checked</span>
      </div>
      <Sentences texts={part.problems} className="text-fail" />
      {part.not_covered?.length ? (
        <div className="text-xs text-ink-2">
          <p className="pl-6 text-ink-3">Not covered</p>
          <Sentences texts={part.not_covered} />
        </div>
      ) : null}
    </li>
  );
}

function Sentences({ texts, className }: { texts: readonly string[]; className?: string }) {
  if (texts.length === 0) return null;
  return (
    <ul className={clsx("pl-6 grid gap-0.5 text-xs", className)}>
      {texts.map((text) => (
        <li key={text} className="break-words min-w-0">
          <Quoted text={text} />
        </li>
      ))}
    </ul>
  );
}
