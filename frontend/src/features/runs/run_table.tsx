import { Link } from "@tanstack/react-router";
import { CornerDownRight } from "lucide-react";
import type { RunItem } from "@/api/types.ts";
import { absoluteTime, count, duration, elapsedMs, shortId, words } from "@/lib/format.ts";
import { ScrollBox } from "@/ui/scroll_box.tsx";
import { When } from "@/ui/time.tsx";
import { PickBox, type Picking } from "./diff/picked.tsx";
import { RunStatusBadge } from "./run_status.tsx";

/** A page of runs, a row each. */
export function RunTable({ items, picking }: { items: readonly RunItem[]; picking: Picking }) {
  return (
    <ScrollBox label="Runs table">
      <table className="w-full text-sm">
        <thead>
          <tr className="eyebrow text-left border-b border-line [&>th]:px-4 max-sm:[&>th]:px-3 [&>th]:h-9 [&>th]:whitespace-nowrap">
            <th scope="col">Run</th>
            <th scope="col">Status</th>
            <th scope="col" className="max-sm:hidden">
              Kind
            </th>
            <th scope="col">Started</th>
            <th scope="col" className="text-right max-sm:hidden">
              Took
            </th>
            <th scope="col" className="text-right max-sm:hidden">
              Frames
            </th>
            <th scope="col" className="text-right max-sm:hidden">
              Attempt
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {items.map((run) => (
            <RunRow key={run.run_id} run={run} picking={picking} />
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function RunRow({ run, picking }: { run: RunItem; picking: Picking }) {
  const at = run.started_at ?? run.created_at;
  return (
    <tr className="hover:bg-hover [&>td]:px-4 max-sm:[&>td]:px-3 [&>td]:py-2 [&>td]:align-top">
      <td className="max-w-[30rem]">
        <div className="flex items-start gap-2">
          <PickBox run={run} picking={picking} />
          <RunName run={run} />
        </div>
      </td>
      <td>
        <RunStatusBadge run={run} />
      </td>
      <td className="text-ink-2 whitespace-nowrap max-sm:hidden">
        {words(run.kind)}
        {run.parent_run_id ? <ParentLink runId={run.parent_run_id} /> : null}
      </td>
      <td className="whitespace-nowrap">
        <When at={at} />
        <div className="text-xs text-ink-3 max-sm:hidden">{absoluteTime(at)}</div>
      </td>
      <td className="text-right whitespace-nowrap max-sm:hidden">
        {duration(elapsedMs(run.started_at, run.ended_at))}
      </td>
      <td className="text-right max-sm:hidden">{count(run.frames)}</td>
      <td className="text-right max-sm:hidden">{run.attempt}</td>
    </tr>
  );
}

function RunName({ run }: { run: RunItem }) {
  return (
    <div className="min-w-0">
      <Link
        to="/runs/$runId"
        params={{ runId: run.run_id }}
        className="font-medium hover:text-accent hover:underline"
      >
        {run.title ?? words(run.kind)}
      </Link>
      <div className="text-xs text-ink-3 font-mono truncate">
        {run.error ? (
          <span className="text-fail font-sans">{run.error.message}</span>
        ) : (
          <span title={run.run_id}>…{shortId(run.run_id)}</span>
        )}
      </div>
    </div>
  );
}

function ParentLink({ runId }: { runId: string }) {
  return (
    <Link
      to="/runs/$runId"
      params={{ runId }}
      title={`Started by run ${runId}`}
      className="flex items-center gap-1 text-xs text-ink-3 hover:text-accent hover:underline"
    >
      <CornerDownRight className="size-3" aria-hidden /> of …{shortId(runId)}
    </Link>
  );
}
