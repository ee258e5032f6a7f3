import { useState } from "react";
import type { BulkQuery, Coverage } from "@/api/lab.ts";
import { NumberField, SelectField, TextField } from "@/ui/field.tsx";
import { BulkPanel } from "./bulk_panel.tsx";

type Model = Coverage["models"][number];

/** What the model still needs to be run wherever it has not. */
export function BulkForm({ model }: { model: Model }) {
  const title = `Run ${model.display_name} where it is missing`;
  switch (model.run_kind) {
    case "game_outcome":
      return <OutcomeForm title={title} model={model} />;
    case "market_share":
      return <MarketForm title={title} model={model} />;
    default:
      return null;
  }
}

interface Props {
  title: string;
  model: Model;
}

function OutcomeForm({ title, model }: Props) {
  const [scale, setScale] = useState<number | null>(10);
  const [state, setState] = useState("pre_tournament");
  // Odds and chances of pairs are another tournament's nowhere.
  if (model.model !== "logistic") return null;
  const query: BulkQuery | null =
    scale && state.trim()
      ? {
          run_kind: "game_outcome",
          model: { kind: "logistic", scale },
          starting_state_key: state.trim(),
        }
      : null;
  return (
    <BulkPanel
      title={title}
      sentence="On every tournament that has none, from its state of this name."
      query={query}
    >
      <div className="grid grid-cols-2 gap-3">
        <NumberField label="Scale" min={0.1} step={0.1} value={scale} onChange={setScale} />
        <TextField label="From the state" maxLength={100} value={state} onChange={setState} />
      </div>
    </BulkPanel>
  );
}

function MarketForm({ title, model }: Props) {
  const [alpha, setAlpha] = useState<number | null>(1);
  const [trainOn, setTrainOn] = useState<"earlier" | "others">("earlier");
  const [games, setGames] = useState("logistic");
  return (
    <BulkPanel
      title={title}
      sentence="On every auction that has none. Where several upstream runs could be meant, it says so and takes none."
      query={marketQuery(model.model, games, alpha, trainOn)}
    >
      {model.model === "naive-ev-baseline" ? (
        <SelectField
          label="Who beats whom, by"
          value={games}
          onChange={setGames}
          options={["logistic", "odds", "pairs"].map((value) => ({ value, label: value }))}
        />
      ) : null}
      {model.model === "ridge" ? (
        <div className="grid grid-cols-2 gap-3">
          <NumberField label="Penalty" min={0} step={0.1} value={alpha} onChange={setAlpha} />
          <SelectField
            label="It learns from"
            value={trainOn}
            onChange={(value) => setTrainOn(value === "others" ? "others" : "earlier")}
            options={[
              { value: "earlier", label: "Earlier seasons" },
              { value: "others", label: "All other seasons" },
            ]}
          />
        </div>
      ) : null}
    </BulkPanel>
  );
}

function marketQuery(
  model: string,
  game_outcome_model: string,
  ridge_alpha: number | null,
  train_on: "earlier" | "others",
): BulkQuery | null {
  const run_kind = "market_share";
  switch (model) {
    case "naive-ev-baseline":
      return { run_kind, model: { kind: model, game_outcome_model } };
    case "ridge":
      return ridge_alpha === null ? null : { run_kind, model: { kind: model, ridge_alpha, train_on } };
    case "oracle_actual_market":
      return { run_kind, model: { kind: model } };
    default:
      return null;
  }
}
