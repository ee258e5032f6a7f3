import { type UseQueryResult, useQueries, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FlaskConical } from "lucide-react";
import type { RunDetail, RunItem, RunPage } from "@/api/types.ts";
import { count, words } from "@/lib/format.ts";
import { Button, buttonClass } from "@/ui/button.tsx";
import { DataTable } from "@/ui/data_table.tsx";
import { Empty, Facts, Loading, Panel, Stat, StatStrip } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { When } from "@/ui/time.tsx";
import { RunActions } from "./dead_letter.tsx";
import { type RunFilter, runQuery, runsQuery } from "./queries.ts";
import { RunStatusBadge } from "./run_status.tsx";
import { Happenings } from "./timeline/happenings.tsx";

interface Props {
  /** The run that is looked at. */
  runId: string | null;
  onRun: (runId: string | undefined) => void;
}

const DEAD: RunFilter = { is_dead_letter: true };

/** What waits, what runs and on whom, and what goes no further without a person. */
export function OpsPage({ runId, onRun }: Props) {
  const dead = useQuery(runsQuery(DEAD));
  const running = useQuery(runsQuery({ status: "running" }));
  const queued = useQuery(runsQuery({ status: "queued" }));
  const waiting = useQuery(runsQuery({ status: "waiting" }));
  const lists = [dead, running, queued, waiting];
  const error = lists.find((each) => each.error)?.error;
  const isIdle = lists.every(({ data }) => data?.items.length === 0);
  return (
    <div className="grid gap-5">
      <header className="flex flex-wrap items-start gap-3">
        <div className="grid gap-1 min-w-0 flex-1 basis-80">
          <h1 className="text-2xl font-semibold tracking-tight">Operations</h1>
          <p className="text-ink-2 max-w-[80ch] text-pretty">
            What waits, what runs and on whom, and what goes no further without a person. It keeps itself
            fresh.
          </p>
        </div>
        <Link to="/access" className={buttonClass("plain", "sm")}>
          Access
        </Link>
        <Link to="/ops/retention" className={buttonClass("plain", "sm")}>
          Retention
        </Link>
      </header>
      {error ? <ProblemNote error={error} /> : null}
      <StatStrip>
        <Stat label="Dead letters" value={counted(dead)} note="Nobody tries them again by themselves" />
        <Stat label="Running" value={counted(running)} note="A worker holds each of them" />
        <Stat label="Queued" value={counted(queued)} note="Higher priorities first, then older ones" />
        <Stat label="Waiting" value={counted(waiting)} note="For other runs, a decision or a time" />
      </StatStrip>
      <div className="grid gap-5 xl:grid-cols-[minmax(0,1fr)_24rem] items-start">
        <div className="grid gap-5 min-w-0">
          {isIdle ? <Idle /> : null}
          <RunTable title="Dead letters" query={dead} chosen={runId} onRun={onRun} />
          <Running query={running} chosen={runId} onRun={onRun} />
          <RunTable title="Queue" query={queued} chosen={runId} onRun={onRun} />
          <RunTable title="Waiting" query={waiting} chosen={runId} onRun={onRun} />
        </div>
        {runId ? (
          <Looked key={runId} runId={runId} onRun={onRun} />
        ) : (
          <Panel title="One run">
            <p className="text-sm text-ink-2">Choose a run to see who tried it when, and how that ended.</p>
          </Panel>
        )}
      </div>
    </div>
  );
}

function counted({ data }: UseQueryResult<RunPage>): string {
  if (!data) return "–";
  return `${count(data.items.length)}${data.next_cursor ? " or more" : ""}`;
}

function Idle() {
  return (
    <Panel>
      <Empty
        title="Nothing waits and nothing runs"
        action={
          <Link to="/showcase" className={buttonClass("primary")}>
            <FlaskConical aria-hidden /> Run the showcase
          </Link>
        }
      >
        What is submitted stands here until a worker takes it. A run whose attempts are used up, or that no
        worker can execute, stays here as a dead letter until you submit it again or give it up.
      </Empty>
    </Panel>
  );
}

interface ListProps {
  query: UseQueryResult<RunPage>;
  chosen: string | null;
  onRun: Props["onRun"];
}

const SENTENCES = {
  "Dead letters": "No further attempt is made. Choose one to see why, then submit it again or give it up.",
  Running: "Each with the worker that holds it and what went wrong before.",
  Queue: "In the order in which workers take them: priority, then age.",
  Waiting: "They hold no worker meanwhile.",
};

function Running(props: ListProps) {
  const items = props.query.data?.items ?? [];
  const details = useQueries({ queries: items.map(({ run_id }) => runQuery(run_id)) });
  const byId = new Map(details.flatMap(({ data }) => (data ? [[data.run_id, data] as const] : [])));
  return <RunTable title="Running" details={byId} {...props} />;
}

/** Lists that are empty are left out: the figures above say so. */
function RunTable(
  props: ListProps & { title: keyof typeof SENTENCES; details?: ReadonlyMap<string, RunDetail> },
) {
  const { title, query, chosen, onRun, details } = props;
  if (!query.data) return query.error ? null : <Loading label={`Loading: ${title}`} />;
  const items = title === "Queue" ? query.data.items.toSorted(byTurn) : query.data.items;
  if (items.length === 0) return null;
  return (
    <DataTable<RunItem>
      title={title}
      sentence={SENTENCES[title]}
      file={`${title.toLowerCase().replace(" ", "-")}.csv`}
      rows={items}
      rowKey={({ run_id }) => run_id}
      isChosen={({ run_id }) => run_id === chosen}
      columns={[
        {
          key: "run",
          label: "Run",
          isText: true,
          value: (run) => run.title,
          show: (run) => (
            <button
              type="button"
              className="text-accent hover:underline text-left min-h-6 first-letter:uppercase"
              aria-pressed={run.run_id === chosen}
              onClick={() => onRun(run.run_id)}
            >
              {run.title}
            </button>
          ),
        },
        { key: "kind", label: "Kind", isText: true, isWideOnly: true, value: (run) => words(run.kind) },
        { key: "attempt", label: "Attempt", value: (run) => run.attempt },
        { key: "priority", label: "Priority", isWideOnly: true, value: (run) => run.priority },
        ...(details
          ? [
              {
                key: "claimed_by",
                label: "Claimed by",
                isText: true,
                isWideOnly: true,
                value: ({ run_id }: RunItem) => details.get(run_id)?.attempts.at(-1)?.worker,
              },
            ]
          : []),
        {
          key: "last_error",
          label: "Last error",
          isText: true,
          value: (run) => lastError(run, details?.get(run.run_id)),
        },
        {
          key: "submitted",
          label: "Submitted",
          isWideOnly: true,
          value: (run) => run.created_at,
          show: (run) => <When at={run.created_at} />,
        },
      ]}
    />
  );
}

function byTurn(a: RunItem, b: RunItem): number {
  return b.priority - a.priority || a.created_at.localeCompare(b.created_at);
}

/** That of the run, or of the last attempt that failed. */
function lastError(run: RunItem, detail: RunDetail | undefined): string | null {
  const error = run.error ?? detail?.attempts.findLast((each) => each.error)?.error;
  return error ? `${error.code}: ${error.message}` : null;
}

function Looked({ runId, onRun }: { runId: string; onRun: Props["onRun"] }) {
  const run = useQuery(runQuery(runId));
  const close = (
    <Button size="sm" kind="quiet" onClick={() => onRun(undefined)}>
      Close
    </Button>
  );
  return (
    <Panel title="One run" aside={close} isFlush>
      {run.error ? <ProblemNote error={run.error} /> : null}
      {run.data ? <OneRun run={run.data} onRun={onRun} /> : null}
      {run.isPending ? <Loading label="Loading the run" /> : null}
    </Panel>
  );
}

function OneRun({ run, onRun }: { run: RunDetail; onRun: Props["onRun"] }) {
  return (
    <div className="grid gap-3 py-3" data-testid="looked">
      <div className="px-4 grid gap-2">
        <Link
          to="/runs/$runId"
          params={{ runId: run.run_id }}
          className="font-medium text-accent hover:underline break-words first-letter:uppercase"
        >
          {run.title}
        </Link>
        <RunStatusBadge run={run} />
        {run.error ? (
          <p className="text-sm text-fail break-words">
            <code className="font-mono text-xs">{run.error.code}</code> {run.error.message}
          </p>
        ) : null}
        <Facts
          facts={[
            ["Kind", words(run.kind)],
            ["Priority", run.priority],
            ["Attempts", run.attempts.length],
            ["Last claimed by", run.attempts.at(-1)?.worker ?? "nobody yet"],
          ]}
        />
        <div className="flex flex-wrap gap-2">
          <RunActions run={run} onRequeued={onRun} />
        </div>
      </div>
      <Happenings run={run} />
    </div>
  );
}
