import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight, CornerDownRight, Play, X } from "lucide-react";
import type { RunItem, RunPage, RunStatus } from "@/api/types.ts";
import { absoluteTime, count, duration, elapsedMs, plural, shortId, words } from "@/lib/format.ts";
import { Button, buttonClass } from "@/ui/button.tsx";
import { SelectField } from "@/ui/field.tsx";
import { Empty, Loading } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { ScrollBox } from "@/ui/scroll_box.tsx";
import { When } from "@/ui/time.tsx";
import { type RunFilter, runKindsQuery, runsQuery } from "./queries.ts";
import { RunStatusBadge } from "./run_status.tsx";

const RUN_STATUSES: readonly RunStatus[] = [
  "queued",
  "running",
  "waiting",
  "succeeded",
  "failed",
  "cancelled",
];
/** A failed run that somebody should look at: no status of its own, and looked for like one. */
const DEAD_LETTERS = { value: "dead_letter", label: "Dead letters" };

interface Props {
  filter: RunFilter;
  onFilter: (filter: RunFilter) => void;
}

/** Every run, newest first. The filter and the page are in the address; the newest page keeps itself fresh. */
export function RunList({ filter, onFilter }: Props) {
  const runs = useQuery(runsQuery(filter));
  const { cursor: _, ...conditions } = filter;
  const isFiltered = Object.values(conditions).some((condition) => condition !== undefined);
  return (
    <div className="grid gap-4">
      <header className="flex flex-wrap items-end gap-3">
        <div className="mr-auto">
          <h1 className="text-2xl font-semibold tracking-tight">Runs</h1>
          <p className="text-ink-2">Everything that was started here, with every frame it streamed.</p>
        </div>
        <Filters filter={filter} onFilter={onFilter} />
      </header>
      {runs.error ? (
        <ProblemNote
          error={runs.error}
          action={
            <Button size="sm" onClick={() => runs.refetch()}>
              Try again
            </Button>
          }
        />
      ) : null}
      <ParentCondition filter={filter} onFilter={onFilter} />
      <DamagedNote damaged={runs.data?.damaged ?? []} />
      <div className="bg-surface border border-line rounded-lg overflow-hidden">
        {runs.isPending ? <Loading label="Loading runs" /> : null}
        {runs.data && runs.data.items.length === 0 ? (
          <NoRuns isFiltered={isFiltered} onFilter={onFilter} />
        ) : null}
        {runs.data && runs.data.items.length > 0 ? <RunTable items={runs.data.items} /> : null}
      </div>
      <nav aria-label="Pages" className="flex justify-end gap-2">
        <Button
          size="sm"
          disabled={!filter.cursor}
          onClick={() => onFilter({ ...filter, cursor: undefined })}
        >
          <ChevronLeft aria-hidden /> Newest
        </Button>
        <Button
          size="sm"
          disabled={!runs.data?.next_cursor}
          onClick={() => onFilter({ ...filter, cursor: runs.data?.next_cursor ?? undefined })}
        >
          Older <ChevronRight aria-hidden />
        </Button>
      </nav>
    </div>
  );
}

function Filters({ filter, onFilter }: Props) {
  const known = useQuery(runKindsQuery());
  const kinds = new Set([...(known.data?.kinds ?? []), ...(filter.kind ? [filter.kind] : [])]);
  const all = { value: "", label: "All" };
  return (
    <div className="flex gap-3 [&>div]:w-36">
      <SelectField
        label="Kind"
        value={filter.kind ?? ""}
        onChange={(kind) => onFilter({ ...filter, kind: kind || undefined, cursor: undefined })}
        options={[all, ...[...kinds].map((kind) => ({ value: kind, label: words(kind) }))]}
      />
      <SelectField
        label="Status"
        value={filter.is_dead_letter ? DEAD_LETTERS.value : (filter.status ?? "")}
        onChange={(value) =>
          onFilter({
            ...filter,
            status: RUN_STATUSES.find((status) => status === value),
            is_dead_letter: value === DEAD_LETTERS.value || undefined,
            cursor: undefined,
          })
        }
        options={[
          all,
          ...RUN_STATUSES.map((status) => ({ value: status, label: words(status) })),
          DEAD_LETTERS,
        ]}
      />
    </div>
  );
}

/** The condition that a link has brought, and that no field shows. */
function ParentCondition({ filter, onFilter }: Props) {
  const { parent_run_id } = filter;
  if (parent_run_id === undefined) return null;
  return (
    <p className="flex flex-wrap items-center gap-2 text-sm text-ink-2">
      <span>
        Only runs started by{" "}
        <Link
          to="/runs/$runId"
          params={{ runId: parent_run_id }}
          className="font-mono text-accent hover:underline"
        >
          …{shortId(parent_run_id)}
        </Link>
      </span>
      <Button size="sm" kind="quiet" onClick={() => onFilter({ ...filter, parent_run_id: undefined })}>
        <X aria-hidden /> Show the others too
      </Button>
    </p>
  );
}

/** Runs whose rows cannot be read are said, so that nobody takes them for runs that never were. */
function DamagedNote({ damaged }: { damaged: RunPage["damaged"] }) {
  if (damaged.length === 0) return null;
  return (
    <div role="alert" className="rounded-lg border border-line bg-fail-wash px-4 py-3 text-sm grid gap-1">
      <strong className="text-fail font-semibold">{plural(damaged.length, "run")} cannot be read</strong>
      <ul className="grid gap-0.5">
        {damaged.map(({ id, reason }) => (
          <li key={id} className="break-words">
            <code className="font-mono text-xs">{id}</code> {reason}
          </li>
        ))}
      </ul>
    </div>
  );
}

function RunTable({ items }: { items: readonly RunItem[] }) {
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
            <RunRow key={run.run_id} run={run} />
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function RunRow({ run }: { run: RunItem }) {
  const at = run.started_at ?? run.created_at;
  return (
    <tr className="hover:bg-hover [&>td]:px-4 max-sm:[&>td]:px-3 [&>td]:py-2 [&>td]:align-top">
      <td className="max-w-[30rem]">
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

function NoRuns({ isFiltered, onFilter }: { isFiltered: boolean; onFilter: Props["onFilter"] }) {
  if (isFiltered) {
    return (
      <Empty title="No run matches" action={<Button onClick={() => onFilter({})}>Show all runs</Button>}>
        No run meets all of these conditions.
      </Empty>
    );
  }
  return (
    <Empty
      title="No runs yet"
      action={
        <Link to="/showcase" className={buttonClass("primary")}>
          <Play aria-hidden /> Run the showcase
        </Link>
      }
    >
      A run is anything you start: a showcase, a comparison, a training. Each is recorded frame by frame and
      can be replayed here for ever.
    </Empty>
  );
}
