import { useState } from "react";
import type { Conditioned, Field, GameResult } from "@/api/lab.ts";
import { words } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { teamLabel, teamsOf } from "./bracket.ts";
import { ChoiceField } from "./choice_field.tsx";
import { chance } from "./figures.ts";

/** Lets any team that can win a game win it, the unlikely ones too, which the picture has no room for. */
export function FixGame(props: {
  field: Field;
  conditioned: Conditioned;
  onFix: (chosen: GameResult) => void;
}) {
  const { field, conditioned, onFix } = props;
  const [game, setGame] = useState<string | null>(null);
  const [team, setTeam] = useState<string | null>(null);
  const teams = teamsOf(field);
  const open = conditioned.games.filter(({ is_decided, winners }) => !is_decided && winners.length > 1);
  const winners = open.find(({ game_id }) => game_id === game)?.winners ?? [];
  const isWhole = winners.some(({ team_id }) => team_id === team);
  return (
    <form
      className="grid sm:grid-cols-[1fr_1fr_auto] gap-3 items-start max-w-3xl"
      onSubmit={(event) => {
        event.preventDefault();
        if (!game || !team || !isWhole) return;
        onFix({ game_id: game, winner_team_id: team });
        setTeam(null);
      }}
    >
      <ChoiceField
        label="Any other winner: the game"
        value={game}
        options={open.map(({ game_id, round }) => ({
          value: game_id,
          label: `${words(field.rounds[round] ?? "")} · ${game_id}`,
        }))}
        onChange={setGame}
      />
      <ChoiceField
        label="Its winner"
        value={isWhole ? team : null}
        options={winners
          .toSorted((a, b) => b.p_exact - a.p_exact)
          .map(({ team_id, p_exact }) => ({
            value: team_id,
            label: `${teamLabel(teams.get(team_id), team_id)} · ${chance(p_exact)}`,
          }))}
        onChange={setTeam}
      />
      <Button type="submit" className="sm:mt-6" disabled={!isWhole}>
        Let it win
      </Button>
    </form>
  );
}
