import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/ui/button.tsx";
import { CheckField, NumberField } from "@/ui/field.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { Segmented } from "@/ui/segmented.tsx";
import { startSimulation } from "./actions.ts";
import { ChoiceField, theOnly } from "./choice_field.tsx";
import { GameOutcomeChoice, optionsOf } from "./run_choice.tsx";
import {
  MOST_SIMULATIONS,
  missingOf,
  type SimulationDraft,
  simulationRequestOf,
  USUAL_SIMULATION,
} from "./simulation_draft.ts";
import { ExcludedChoice } from "./start_market_share.tsx";
import type { StartProps } from "./start_panel.tsx";
import { stateOption } from "./states.ts";

/** Starts an auction over simulated tournaments. */
export function StartSimulation({ resolution, snapshot, onStarted }: StartProps) {
  const states = resolution.states.map(stateOption);
  const [said, setDraft] = useState(USUAL_SIMULATION);
  const draft: SimulationDraft = {
    ...said,
    state: said.state ?? theOnly(states),
    games: said.games ?? theOnly(optionsOf(resolution.game_outcome_runs)),
  };
  const change = (part: Partial<SimulationDraft>) => setDraft({ ...draft, ...part });
  const start = useMutation({
    mutationFn: startSimulation,
    onSuccess: ({ run_id }) => onStarted("simulation", run_id),
  });
  const request = simulationRequestOf(draft, snapshot.snapshot_id);
  return (
    <>
      <ChoiceField
        label="From which state"
        value={draft.state}
        options={states}
        onChange={(state) => change({ state })}
      />
      <GameOutcomeChoice
        resolution={resolution}
        value={draft.games}
        onChange={(games) => change({ games })}
      />
      <Segmented
        label="How long it runs"
        value={draft.by}
        options={[
          { value: "number", label: "How many" },
          { value: "precision", label: "How exact" },
        ]}
        onChange={(by) => change({ by })}
      />
      <SizeField draft={draft} onChange={change} />
      <NumberField
        label="Seed"
        hint="Simulations of one seed play the same tournaments, so that their difference is exact"
        min={1}
        value={draft.seed}
        onChange={(seed) => change({ seed })}
      />
      <CheckField
        label="Seal it"
        hint="Each simulated tournament can be proven later against one digest"
        isChecked={draft.isSealed}
        onChange={(isSealed) => change({ isSealed })}
      />
      <ExcludedChoice
        snapshot={snapshot}
        value={draft.excluded}
        onChange={(excluded) => change({ excluded })}
      />
      {start.error ? <ProblemNote error={start.error} /> : null}
      <p className="text-sm text-ink-2 empty:hidden">{missingOf(draft)}</p>
      <Button
        kind="primary"
        disabled={!request || start.isPending}
        onClick={() => request && start.mutate(request)}
      >
        {start.isPending ? "Starting…" : "Simulate"}
      </Button>
    </>
  );
}

function SizeField(props: { draft: SimulationDraft; onChange: (part: Partial<SimulationDraft>) => void }) {
  const { draft, onChange } = props;
  return draft.by === "number" ? (
    <NumberField
      label="Simulations"
      min={2}
      max={MOST_SIMULATIONS}
      value={draft.simulations}
      onChange={(simulations) => onChange({ simulations })}
    />
  ) : (
    <NumberField
      label="Precision, percentage points"
      hint="It goes on until every chance of the first place is known plus or minus this, at 95 %"
      min={0.01}
      step={0.01}
      value={draft.precision}
      onChange={(precision) => onChange({ precision })}
    />
  );
}
