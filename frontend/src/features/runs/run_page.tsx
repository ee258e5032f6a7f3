import { Tabs } from "@base-ui/react/tabs";
import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { type ReactNode, useDeferredValue } from "react";
import type { RunDetail } from "@/api/types.ts";
import { download } from "@/lib/csv.ts";
import { count, words } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { JsonView } from "@/ui/json_view.tsx";
import { Loading, Panel } from "@/ui/panel.tsx";
import { FrameInspector } from "./frame_inspector.tsx";
import type { RunLog } from "./log.ts";
import { plannedOf } from "./planned.ts";
import { type Playback, usePlayback } from "./playback.ts";
import { runQuery } from "./queries.ts";
import { ResultLink } from "./result_link.tsx";
import { RunFacts } from "./run_facts.tsx";
import { RunFrame } from "./run_frame.tsx";
import { waitingFor } from "./run_status.tsx";
import { Ending, Transcript } from "./transcript_view.tsx";
import { Unknown } from "./unknown.tsx";

type RunTab = "transcript" | "frames" | "spec";

interface Props {
  runId: string;
  /** A deep link to one moment. */
  seq: number | null;
  tab: RunTab;
  onSeq: (seq: number | undefined) => void;
  onTab: (tab: RunTab) => void;
  /** What stands below it and is known to those who know its kind, as its lineage. */
  below: (run: RunDetail) => ReactNode;
}

/** One run, live or historic: the same stream, reducer and components for both. */
export function RunPage({ runId, seq, tab, onSeq, onTab, below }: Props) {
  const run = useQuery(runQuery(runId));
  // The whole page hangs on it: drawn in slices, so that its first picture holds back neither keys nor frames.
  const row = useDeferredValue(run.data);
  const playback = usePlayback(runId, seq, onSeq);
  if (run.error && !run.data) return <Unknown what="run" error={run.error} />;
  if (!row) return <Loading label="Loading the run" lines={6} />;
  return (
    <RunFrame
      playback={playback}
      run={row}
      title={row.title ?? words(row.kind)}
      actions={
        <>
          <FramesButton log={playback.log} />
          <ResultLink run={row} />
        </>
      }
    >
      <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_20rem]">
        <RunTabs run={row} playback={playback} tab={tab} onTab={onTab} />
        <RunFacts run={row} />
      </div>
      {below(row)}
    </RunFrame>
  );
}

function RunTabs(props: { run: RunDetail; playback: Playback; tab: RunTab; onTab: Props["onTab"] }) {
  const { run, playback, tab, onTab } = props;
  const { log, state, seq, view, dispatch } = playback;
  return (
    <Tabs.Root value={tab} onValueChange={(value) => onTab(value as RunTab)} className="min-w-0">
      <Tabs.List className="flex gap-1 border-b border-line mb-4">
        <Tab value="transcript">Transcript</Tab>
        <Tab value="frames">
          Frames <span className="num text-ink-3">{count(state.length)}</span>
        </Tab>
        <Tab value="spec">Spec</Tab>
      </Tabs.List>
      <Tabs.Panel value="transcript">
        {state.length === 0 ? (
          <Waiting run={run} />
        ) : (
          <div className="grid gap-4">
            {view.terminal ? <Ending terminal={view.terminal} /> : null}
            <Transcript transcript={view} planned={plannedOf(run)} />
          </div>
        )}
      </Tabs.Panel>
      <Tabs.Panel value="frames">
        <FrameInspector
          log={log}
          length={state.length}
          seq={seq}
          onSelect={(each) => dispatch({ type: "seek", seq: each })}
        />
      </Tabs.Panel>
      <Tabs.Panel value="spec">
        <Panel title="What was asked for">
          <JsonView value={run.spec} label="Spec" />
        </Panel>
      </Tabs.Panel>
    </Tabs.Root>
  );
}

function Tab({ value, children }: { value: RunTab; children: ReactNode }) {
  return (
    <Tabs.Tab
      value={value}
      className="px-3 h-9 -mb-px border-b-2 border-transparent text-sm text-ink-2 hover:text-ink data-[active]:border-accent data-[active]:text-ink data-[active]:font-medium"
    >
      {children}
    </Tabs.Tab>
  );
}

function FramesButton({ log }: { log: RunLog }) {
  const save = () =>
    download(
      `${log.runId}.ndjson`,
      log.lines.map((line) => `${line.text}\n`).join(""),
      "application/x-ndjson",
    );
  return (
    <Button size="sm" onClick={save}>
      <Download aria-hidden /> Frames
    </Button>
  );
}

function Waiting({ run }: { run: RunDetail }) {
  return (
    <p className="text-ink-2 text-sm py-6" role="status">
      {run.status === "queued"
        ? "Queued: the first frame arrives when a worker takes the run."
        : run.status === "waiting"
          ? `${waitingFor(run)}.`
          : "Waiting for the first frame…"}
    </p>
  );
}
