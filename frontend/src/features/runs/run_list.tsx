import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight, Play, X } from "lucide-react";
import type { RunPage, RunStatus } from "@/api/types.ts";
import { plural, shortId, words } from "@/lib/format.ts";
import { Button, buttonClass } from "@/ui/button.tsx";
import { SelectField } from "@/ui/field.tsx";
import { Empty, Loading } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { PickedBar, usePicked } from "./diff/picked.tsx";
import { type RunFilter, runKindsQuery, runsQuery } from "./queries.ts";
import { RunTable } from "./run_table.tsx";

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
  const picking = usePicked();
  const { cursor: _, ...conditions } = filter;
  const isFiltered = Object.values(conditions).some((condition) => condition !== undefined);
  return (
    <div className="grid gap-4">
      <header className="flex flex-wrap items-end gap-3">
        <div className="mr-auto">
          <h1 className="text-2xl font-semibold tracking-tight">Runs</h1>
          <p className="text-ink-2">
            Everything that was started here, with every frame it streamed. What was sent in is under{" "}
            <Link to="/artifacts" className="text-accent underline">
              Files
            </Link>
            .
          </p>
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
      <PickedBar picking={picking} />
      <div className="bg-surface border border-line rounded-lg overflow-hidden">
        {runs.isPending ? <Loading label="Loading runs" /> : null}
        {runs.data && runs.data.items.length === 0 ? (
          <NoRuns isFiltered={isFiltered} onFilter={onFilter} />
        ) : null}
        {runs.data && runs.data.items.length > 0 ? (
          <RunTable items={runs.data.items} picking={picking} />
        ) : null}
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
