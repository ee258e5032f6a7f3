import { Link } from "@tanstack/react-router";
import type { LabRun, Resolution } from "@/api/lab.ts";
import { absoluteTime, shortId } from "@/lib/format.ts";
import { ChoiceField } from "./choice_field.tsx";

export function optionsOf(runs: readonly LabRun[]) {
  return runs.map(({ run_id, title, created_at }) => ({
    value: run_id,
    label: `${title} · ${absoluteTime(created_at)} · …${shortId(run_id)}`,
  }));
}

interface Props {
  resolution: Resolution;
  value: string | null;
  onChange: (runId: string | null) => void;
}

/** Who beats whom: one of the runs there are. */
export function GameOutcomeChoice({ resolution, value, onChange }: Props) {
  const options = optionsOf(resolution.game_outcome_runs);
  return (
    <ChoiceField
      label="Who beats whom"
      value={value}
      options={options}
      onChange={onChange}
      hint={
        options.length > 0 ? null : (
          <Link
            to="/lab/tournaments/$tournamentId"
            params={{ tournamentId: resolution.tournament_id }}
            className="text-accent underline"
          >
            Compute it on the tournament
          </Link>
        )
      }
    />
  );
}

/** What others bid: one of the runs there are. */
export function MarketShareChoice({ resolution, value, onChange }: Props) {
  const options = optionsOf(resolution.market_share_runs);
  return (
    <ChoiceField
      label="What others bid"
      value={value}
      options={options}
      onChange={onChange}
      hint={options.length > 0 ? null : "The first step computes it."}
    />
  );
}
