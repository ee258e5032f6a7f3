import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { CalcuttaItem, MarketShareModel, Snapshot } from "@/api/lab.ts";
import { Button } from "@/ui/button.tsx";
import { CheckField, NumberField, SelectField } from "@/ui/field.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { startMarketShare } from "./actions.ts";
import { ChoiceField, theOnly } from "./choice_field.tsx";
import { calcuttasQuery, labCatalogQuery } from "./queries.ts";
import { GameOutcomeChoice, optionsOf } from "./run_choice.tsx";
import type { StartProps } from "./start_panel.tsx";

type Kind = MarketShareModel["kind"];

/** Starts a model of what others bid. */
export function StartMarketShare({ resolution, snapshot, onStarted }: StartProps) {
  const catalog = useQuery(labCatalogQuery);
  const models = catalog.data?.market_share_models ?? [];
  const [kind, setKind] = useState<Kind>("naive-ev-baseline");
  const [chosen, setGames] = useState<string | null>(null);
  const games = chosen ?? theOnly(optionsOf(resolution.game_outcome_runs));
  const [alpha, setAlpha] = useState<number | null>(1);
  const [train, setTrain] = useState<readonly string[]>([]);
  const [excluded, setExcluded] = useState<string | null>(null);
  const start = useMutation({
    mutationFn: startMarketShare,
    onSuccess: ({ run_id }) => onStarted("market_share", run_id),
  });
  const model = modelOf(kind, games, alpha, train);
  return (
    <>
      <SelectField
        label="Model"
        value={kind}
        hint={models.find(({ id }) => id === kind)?.description}
        onChange={(id) => setKind(id as Kind)}
        options={models.map(({ id, display_name }) => ({ value: id, label: display_name }))}
      />
      {kind === "naive-ev-baseline" ? (
        <GameOutcomeChoice resolution={resolution} value={games} onChange={setGames} />
      ) : null}
      {kind === "ridge" ? (
        <>
          <NumberField
            label="Penalty"
            hint="The larger, the nearer all teams are to the mean"
            min={0}
            step={0.1}
            value={alpha}
            onChange={setAlpha}
          />
          <TrainChoice snapshot={snapshot} chosen={train} onChange={setTrain} />
        </>
      ) : null}
      <ExcludedChoice snapshot={snapshot} value={excluded} onChange={setExcluded} />
      {start.error ? <ProblemNote error={start.error} /> : null}
      <Button
        kind="primary"
        disabled={!model || start.isPending}
        onClick={() =>
          model &&
          start.mutate({
            snapshot_id: snapshot.snapshot_id,
            model,
            ...(excluded ? { excluded_entry_id: excluded } : {}),
          })
        }
      >
        {start.isPending ? "Starting…" : "Compute what others bid"}
      </Button>
    </>
  );
}

/** One's own entry, which is not among the others. */
export function ExcludedChoice(props: {
  snapshot: Snapshot;
  value: string | null;
  onChange: (entryId: string | null) => void;
}) {
  const { snapshot, value, onChange } = props;
  return (
    <ChoiceField
      label="Without the entry"
      none="Nobody is left out"
      hint="One's own is not among the others"
      value={value}
      onChange={onChange}
      options={snapshot.content.entries.map(({ entry_id, display_name }) => ({
        value: entry_id,
        label: display_name,
      }))}
    />
  );
}

function TrainChoice(props: {
  snapshot: Snapshot;
  chosen: readonly string[];
  onChange: (snapshotIds: readonly string[]) => void;
}) {
  const { snapshot, chosen, onChange } = props;
  const calcuttas = useQuery(calcuttasQuery());
  // An auction of the same tournament would tell what is to be predicted.
  const others = calcuttas.data?.items.filter((each) => each.tournament_id !== snapshot.tournament_id) ?? [];
  const toggle = ({ snapshot_id }: CalcuttaItem) =>
    onChange(
      chosen.includes(snapshot_id) ? chosen.filter((each) => each !== snapshot_id) : [...chosen, snapshot_id],
    );
  return (
    <fieldset className="grid gap-1.5">
      <legend className="text-sm font-medium mb-1">It learns from</legend>
      {others.length === 0 ? (
        <p className="text-xs text-ink-3">There is no auction of another tournament.</p>
      ) : null}
      {others.map((each) => (
        <CheckField
          key={each.calcutta_id}
          label={each.name}
          isChecked={chosen.includes(each.snapshot_id)}
          onChange={() => toggle(each)}
        />
      ))}
    </fieldset>
  );
}

function modelOf(
  kind: Kind,
  games: string | null,
  alpha: number | null,
  train: readonly string[],
): MarketShareModel | null {
  switch (kind) {
    case "naive-ev-baseline":
      return games ? { kind, game_outcome_run_id: games } : null;
    case "ridge":
      return alpha === null || train.length === 0
        ? null
        : { kind, ridge_alpha: alpha, train_snapshot_ids: [...train] };
    case "oracle_actual_market":
      return { kind };
  }
}
