import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { GameOutcomeModel, Tournament } from "@/api/lab.ts";
import { Button } from "@/ui/button.tsx";
import { SelectField } from "@/ui/field.tsx";
import { Panel } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { startGameOutcome } from "./actions.ts";
import { ChoiceField, theOnly } from "./choice_field.tsx";
import { OutcomeFields, outcomeModelOf, USUAL_OUTCOME } from "./outcome_model.tsx";
import { labCatalogQuery } from "./queries.ts";
import { stateOption } from "./states.ts";

/** Starts a model of games on a tournament: by ratings, by a bookmaker's odds, or by stated chances of pairs. */
export function StartGameOutcome(props: { tournament: Tournament; onStarted: (runId: string) => void }) {
  const { tournament, onStarted } = props;
  const { tournament_id, states, field } = tournament;
  const catalog = useQuery(labCatalogQuery);
  const [chosen, setState] = useState<string | null>(null);
  const [draft, setDraft] = useState(USUAL_OUTCOME);
  const start = useMutation({ mutationFn: startGameOutcome, onSuccess: ({ run_id }) => onStarted(run_id) });
  const options = states.map(stateOption);
  const state_id = chosen ?? theOnly(options);
  const models = catalog.data?.game_outcome_models ?? [];
  const model = outcomeModelOf(draft, field.teams);
  return (
    <Panel title="Compute who beats whom">
      <div className="grid gap-3">
        <SelectField
          label="Model"
          hint={models.find(({ id }) => id === draft.kind)?.description}
          value={draft.kind}
          onChange={(kind) => setDraft({ ...draft, kind: kind as GameOutcomeModel["kind"] })}
          options={models.map(({ id, display_name }) => ({ value: id, label: display_name }))}
        />
        <ChoiceField label="From which state" value={state_id} options={options} onChange={setState} />
        <OutcomeFields field={field} draft={draft} onDraft={setDraft} />
        {start.error ? <ProblemNote error={start.error} /> : null}
        <Button
          kind="primary"
          disabled={!state_id || !model || start.isPending}
          onClick={() => state_id && model && start.mutate({ tournament_id, state_id, model })}
        >
          {start.isPending ? "Starting…" : "Compute the chances"}
        </Button>
      </div>
    </Panel>
  );
}
