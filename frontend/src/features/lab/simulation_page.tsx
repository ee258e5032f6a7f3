import { useQuery } from "@tanstack/react-query";
import type { LabRun, Simulation, SimulationResult } from "@/api/lab.ts";
import { count, decimal } from "@/lib/format.ts";
import { Stat, StatStrip } from "@/ui/panel.tsx";
import { ScrollBox } from "@/ui/scroll_box.tsx";
import { Segmented } from "@/ui/segmented.tsx";
import { Answered } from "./answered.tsx";
import { AuctionLink } from "./auction_link.tsx";
import { BracketPart } from "./bracket_part.tsx";
import { ConditionPart } from "./condition_part.tsx";
import { EntryPart } from "./entry_part.tsx";
import { basisOf, counted } from "./figures.ts";
import { LabFrame, type Moment } from "./lab_frame.tsx";
import { Leaderboard } from "./leaderboard.tsx";
import { OwnershipPart } from "./ownership_part.tsx";
import { DigestText } from "./page_header.tsx";
import { PortfolioPart } from "./portfolio_part.tsx";
import { simulationQuery } from "./queries.ts";
import { SIMULATION_TABS } from "./simulation_tabs.ts";
import { StartEvaluation } from "./start_evaluation.tsx";

type Tab = (typeof SIMULATION_TABS)[number];

const LABELS: Record<Tab, string> = {
  leaderboard: "Leaderboard",
  entry: "One entry",
  ownership: "Ownership",
  bracket: "One tournament",
  condition: "What if",
  portfolio: "Together",
  candidates: "Candidates",
};

interface Props extends Moment {
  runId: string;
  tab: Tab;
  entry: string | null;
  simulation: number;
  /** Games that are taken to end so, and entries that are looked at together, as the address has them. */
  fixed: string | null;
  members: string | null;
  onChange: (change: {
    tab?: Tab;
    entry?: string;
    simulation?: number;
    members?: string | undefined;
  }) => void;
  /** A step of its own in the history: going back takes it back. */
  onFixed: (fixed: string | undefined) => void;
  onEvaluation: (runId: string) => void;
}

/** An auction over simulated tournaments: who wins how much, and how sure that is. */
export function SimulationPage(props: Props) {
  const simulation = useQuery(simulationQuery(props.runId));
  return (
    <Answered query={simulation} label="Loading the simulation" page="run">
      {(data) => (
        <LabFrame
          item={data.run}
          hasResult={data.result != null}
          seq={props.seq}
          onSeq={props.onSeq}
          actions={<AuctionLink lineage={data.run.lineage} />}
        >
          {data.result ? <Result {...props} of={data} run={data.run} result={data.result} /> : null}
        </LabFrame>
      )}
    </Answered>
  );
}

function Result(props: Props & { of: Simulation; run: LabRun; result: SimulationResult }) {
  const { of, run, result, tab, entry, simulation, fixed, members, onChange, onFixed, onEvaluation } = props;
  return (
    <>
      <Headline of={of} result={result} />
      <ScrollBox label="What is shown">
        <Segmented
          label="What is shown"
          value={tab}
          options={SIMULATION_TABS.map((value) => ({ value, label: LABELS[value] }))}
          onChange={(next) => onChange({ tab: next })}
        />
      </ScrollBox>
      {tab === "leaderboard" ? (
        <Leaderboard
          runId={run.run_id}
          result={result}
          entry={entry}
          onEntry={(id) => onChange({ tab: "entry", entry: id })}
        />
      ) : null}
      {tab === "entry" ? (
        <EntryPart run={run} result={result} entry={entry} onEntry={(id) => onChange({ entry: id })} />
      ) : null}
      {tab === "ownership" ? <OwnershipPart run={run} result={result} /> : null}
      {tab === "bracket" ? (
        <BracketPart
          run={run}
          result={result}
          simulation={simulation}
          onSimulation={(next) => onChange({ simulation: next })}
        />
      ) : null}
      {tab === "condition" ? <ConditionPart run={run} fixed={fixed} onFixed={onFixed} /> : null}
      {tab === "portfolio" ? (
        <PortfolioPart
          run={run}
          result={result}
          members={members?.split(",") ?? []}
          onMembers={(ids) => onChange({ members: ids.join(",") || undefined })}
        />
      ) : null}
      {tab === "candidates" ? <StartEvaluation run={run} onStarted={onEvaluation} /> : null}
    </>
  );
}

function Headline({ of, result }: { of: Simulation; result: SimulationResult }) {
  const first = result.leaderboard[0];
  return (
    <StatStrip>
      <Stat
        label="Leader"
        value={first?.display_name ?? "–"}
        note={
          first
            ? `First in ${counted(first.p_top1, basisOf(result.leaderboard, result.total_simulations))} of all simulations`
            : undefined
        }
      />
      <Stat label="Simulations" value={count(result.total_simulations)} note={askedFor(of)} />
      <Stat
        label="Precision"
        value={`± ${decimal(100 * result.p_top1_half_width, 2)} %`}
        note="The widest 95 % interval of a chance of the first place, in percentage points"
      />
      <Stat
        label="Seal"
        value={result.seal_root ? <DigestText digest={result.seal_root} label="the seal" /> : "None"}
        note={result.seal_root ? "One digest over all tournaments" : "It was not asked for"}
      />
    </StatStrip>
  );
}

function askedFor({ size, seed }: Simulation): string {
  const asked =
    "n_sims" in size
      ? `${count(size.n_sims)} were asked for`
      : `asked for ± ${decimal(100 * size.precision, 2)} %`;
  return `${asked}; seed ${seed}`;
}
