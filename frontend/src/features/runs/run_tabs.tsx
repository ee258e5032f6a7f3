import { Tabs } from "@base-ui/react/tabs";
import { lazy, type ReactNode, Suspense } from "react";
import type { RunDetail } from "@/api/types.ts";
import { count } from "@/lib/format.ts";
import { JsonView } from "@/ui/json_view.tsx";
import { Loading, Panel } from "@/ui/panel.tsx";
import { ScrollBox } from "@/ui/scroll_box.tsx";
import type { Playback } from "./playback.ts";
import { RunFacts } from "./run_facts.tsx";
import type { RunTab } from "./tabs.ts";
import { TranscriptTab } from "./transcript_tab.tsx";

// What nobody has opened is not loaded.
const RecordTab = lazy(async () => ({ default: (await import("./record_tabs.tsx")).RecordTab }));
const TimelineTab = lazy(async () => ({
  default: (await import("./timeline/timeline_tab.tsx")).TimelineTab,
}));
const FrameInspector = lazy(async () => ({
  default: (await import("./frame_inspector.tsx")).FrameInspector,
}));

interface Props {
  run: RunDetail;
  playback: Playback;
  tab: RunTab;
  onTab: (tab: RunTab) => void;
  /** Its lineage as those know it who know its kind. */
  lineage: (run: RunDetail) => ReactNode;
}

/** The parts of a run, each of the moment at which the viewer stands. */
export function RunTabs({ run, playback, tab, onTab, lineage }: Props) {
  const { log, state, seq, dispatch } = playback;
  return (
    <Tabs.Root value={tab} onValueChange={(value) => onTab(value as RunTab)} className="min-w-0">
      <ScrollBox label="Parts of the run" className="border-b border-line mb-4">
        <Tabs.List className="flex gap-1 w-max">
          <Tab value="transcript">Transcript</Tab>
          <Tab value="timeline">Timeline</Tab>
          <Tab value="final">Final</Tab>
          <Tab value="artifacts">Artifacts</Tab>
          <Tab value="lineage">Lineage</Tab>
          <Tab value="frames">
            Frames <span className="num text-ink-3">{count(state.length)}</span>
          </Tab>
          <Tab value="spec">Spec</Tab>
        </Tabs.List>
      </ScrollBox>
      <Part value="transcript" aside={<RunFacts run={run} />}>
        <TranscriptTab run={run} playback={playback} />
      </Part>
      <Part value="timeline">
        <TimelineTab run={run} playback={playback} />
      </Part>
      <Part value="final" aside={<RunFacts run={run} />}>
        <RecordTab tab="final" {...{ run, playback, lineage }} />
      </Part>
      <Part value="artifacts">
        <RecordTab tab="artifacts" {...{ run, playback, lineage }} />
      </Part>
      <Part value="lineage">
        <RecordTab tab="lineage" {...{ run, playback, lineage }} />
      </Part>
      <Part value="frames">
        <FrameInspector
          log={log}
          length={state.length}
          seq={seq}
          onSelect={(each) => dispatch({ type: "seek", seq: each })}
        />
      </Part>
      <Part value="spec" aside={<RunFacts run={run} />}>
        <Panel title="What was asked for">
          <JsonView value={run.spec} label="Spec" />
        </Panel>
      </Part>
    </Tabs.Root>
  );
}

function Tab({ value, children }: { value: RunTab; children: ReactNode }) {
  return (
    <Tabs.Tab
      value={value}
      className="px-3 h-9 -mb-px border-b-2 border-transparent text-sm whitespace-nowrap text-ink-2 hover:text-ink data-[active]:border-accent data-[active]:text-ink data-[active]:font-medium"
    >
      {children}
    </Tabs.Tab>
  );
}

/** What the ledger knows beside the frames stands next to what is read, and leaves its place to what is wide. */
function Part({ value, aside, children }: { value: RunTab; aside?: ReactNode; children: ReactNode }) {
  const part = <Suspense fallback={<Loading label={`Loading the ${value}`} />}>{children}</Suspense>;
  return (
    <Tabs.Panel value={value}>
      {aside ? (
        <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_20rem]">
          <div className="min-w-0">{part}</div>
          {aside}
        </div>
      ) : (
        part
      )}
    </Tabs.Panel>
  );
}
