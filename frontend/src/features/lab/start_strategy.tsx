import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Resolution } from "@/api/lab.ts";
import { Button, buttonClass } from "@/ui/button.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { startStrategy } from "./actions.ts";
import { ChoiceField, theOnly } from "./choice_field.tsx";
import { labCatalogQuery } from "./queries.ts";
import { GameOutcomeChoice, MarketShareChoice, optionsOf } from "./run_choice.tsx";
import type { StartProps } from "./start_panel.tsx";

/** The two runs that worth and price come from. */
function useUpstream(resolution: Resolution) {
  const [chosenGames, setGames] = useState<string | null>(null);
  const [chosenMarket, setMarket] = useState<string | null>(null);
  const games = chosenGames ?? theOnly(optionsOf(resolution.game_outcome_runs));
  const market = chosenMarket ?? theOnly(optionsOf(resolution.market_share_runs));
  const fields = (
    <>
      <GameOutcomeChoice resolution={resolution} value={games} onChange={setGames} />
      <MarketShareChoice resolution={resolution} value={market} onChange={setMarket} />
    </>
  );
  const chosen = games && market ? { game_outcome_run_id: games, market_share_run_id: market } : null;
  return { fields, chosen };
}

/** Leads to what teams are worth and cost: values, not a run. */
export function StartReturns({ resolution, snapshot }: StartProps) {
  const { fields, chosen } = useUpstream(resolution);
  return (
    <>
      {fields}
      {chosen ? (
        <Link
          to="/lab/returns"
          search={{
            snapshot: snapshot.snapshot_id,
            games: chosen.game_outcome_run_id,
            market: chosen.market_share_run_id,
          }}
          className={buttonClass("primary")}
        >
          Show worth against price
        </Link>
      ) : (
        <Button kind="primary" disabled>
          Show worth against price
        </Button>
      )}
    </>
  );
}

/** Starts the optimiser on one auction, against two runs. */
export function StartStrategy({ resolution, snapshot, onStarted }: StartProps) {
  const { fields, chosen } = useUpstream(resolution);
  const catalog = useQuery(labCatalogQuery);
  const [optimizer, setOptimizer] = useState<string | null>(null);
  const options = (catalog.data?.entry_optimizers ?? []).map(({ id, display_name }) => ({
    value: id,
    label: display_name,
  }));
  const optimizer_key = optimizer ?? theOnly(options);
  const about = catalog.data?.entry_optimizers.find(({ id }) => id === optimizer_key)?.description;
  const start = useMutation({
    mutationFn: startStrategy,
    onSuccess: ({ run_id }) => onStarted("strategy_generation", run_id),
  });
  return (
    <>
      {fields}
      <ChoiceField
        label="Optimiser"
        value={optimizer_key}
        options={options}
        onChange={setOptimizer}
        hint={about}
      />
      {start.error ? <ProblemNote error={start.error} /> : null}
      <Button
        kind="primary"
        disabled={!chosen || !optimizer_key || start.isPending}
        onClick={() =>
          chosen &&
          optimizer_key &&
          start.mutate({ snapshot_id: snapshot.snapshot_id, ...chosen, optimizer_key })
        }
      >
        {start.isPending ? "Starting…" : "Find the best bids"}
      </Button>
    </>
  );
}
