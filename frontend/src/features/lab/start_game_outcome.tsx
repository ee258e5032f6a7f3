import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Tournament } from "@/api/lab.ts";
import { plural } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { NumberField } from "@/ui/field.tsx";
import { Panel } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { startGameOutcome } from "./actions.ts";
import { ChoiceField, theOnly } from "./choice_field.tsx";
import { labCatalogQuery } from "./queries.ts";
import { stateOption } from "./states.ts";

/** Starts the model of ratings on a tournament. Models that need figures of their own are started by the API. */
export function StartGameOutcome(props: { tournament: Tournament; onStarted: (runId: string) => void }) {
  const { tournament, onStarted } = props;
  const { tournament_id, states } = tournament;
  const catalog = useQuery(labCatalogQuery);
  const [chosen, setState] = useState<string | null>(null);
  const [scale, setScale] = useState<number | null>(10);
  const start = useMutation({ mutationFn: startGameOutcome, onSuccess: ({ run_id }) => onStarted(run_id) });
  const options = states.map(stateOption);
  const state_id = chosen ?? theOnly(options);
  const unrated = tournament.field.teams.filter(({ rating }) => !rating).length;
  const model = catalog.data?.game_outcome_models.find(({ id }) => id === "logistic");
  return (
    <Panel title="Compute who beats whom">
      <div className="grid gap-3">
        <p className="text-sm text-ink-2 text-pretty">
          {model ? `${model.display_name}: ${model.description} ` : ""}Given pairs and bookmakers' odds are
          started by the API.
        </p>
        <ChoiceField label="From which state" value={state_id} options={options} onChange={setState} />
        <NumberField
          label="Scale"
          hint="Points of net rating that multiply the odds by e; 10 fits best"
          min={0.1}
          step={0.1}
          value={scale}
          onChange={setScale}
        />
        {unrated > 0 ? (
          <p className="text-sm text-warn">{plural(unrated, "team")} without a rating cannot be judged.</p>
        ) : null}
        {start.error ? <ProblemNote error={start.error} /> : null}
        <Button
          kind="primary"
          disabled={!state_id || !scale || start.isPending}
          onClick={() =>
            state_id && scale && start.mutate({ tournament_id, state_id, model: { kind: "logistic", scale } })
          }
        >
          {start.isPending ? "Starting…" : "Compute the chances"}
        </Button>
      </div>
    </Panel>
  );
}
