import { useNavigate } from "@tanstack/react-router";
import type { LabKind, Resolution, Snapshot } from "@/api/lab.ts";
import { LAB_PAGES } from "@/features/runs/result_link.tsx";
import { SelectField } from "@/ui/field.tsx";
import { Panel } from "@/ui/panel.tsx";
import { StartMarketShare } from "./start_market_share.tsx";
import { StartSimulation } from "./start_simulation.tsx";
import { StartReturns, StartStrategy } from "./start_strategy.tsx";

const STEPS = ["market", "returns", "strategy", "simulation"] as const;
export type Step = (typeof STEPS)[number];

const LABELS: Record<Step, string> = {
  market: "What others bid",
  returns: "Worth against price",
  strategy: "The best bids",
  simulation: "Simulate the auction",
};

export interface StartProps {
  resolution: Resolution;
  snapshot: Snapshot;
  onStarted: (kind: LabKind, runId: string) => void;
}

/** Everything a run on the auction stands on is chosen here, by its id. */
export function StartPanel(props: {
  resolution: Resolution;
  snapshot: Snapshot;
  step: Step;
  onStep: (step: Step) => void;
}) {
  const { resolution, snapshot, step, onStep } = props;
  const navigate = useNavigate();
  const start: StartProps = {
    resolution,
    snapshot,
    onStarted: (kind, runId) => void navigate({ to: LAB_PAGES[kind], params: { runId } }),
  };
  return (
    <Panel title="Compute on this auction">
      <div className="grid gap-3">
        <SelectField
          label="Step"
          value={step}
          onChange={(value) => onStep(STEPS.find((each) => each === value) ?? "market")}
          options={STEPS.map((value, at) => ({ value, label: `${at + 1}. ${LABELS[value]}` }))}
        />
        {step === "market" ? <StartMarketShare {...start} /> : null}
        {step === "returns" ? <StartReturns {...start} /> : null}
        {step === "strategy" ? <StartStrategy {...start} /> : null}
        {step === "simulation" ? <StartSimulation {...start} /> : null}
      </div>
    </Panel>
  );
}
