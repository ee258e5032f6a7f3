/** Games that are taken to end so, as the address keeps them and as the bracket allows them. */
import type { Field, Game, GameResult } from "@/api/lab.ts";

/** `game:team,game:team`: in the order in which they were fixed. */
export function fixedText(fixed: readonly GameResult[]): string | undefined {
  if (fixed.length === 0) return undefined;
  return fixed.map(({ game_id, winner_team_id }) => `${game_id}:${winner_team_id}`).join(",");
}

export function fixedOf(text: string | null): GameResult[] {
  return (text ?? "").split(",").flatMap((each) => {
    const [game_id, winner_team_id] = each.split(":");
    return game_id && winner_team_id ? [{ game_id, winner_team_id }] : [];
  });
}

/** Fixes a winner, or frees the game again where it is the winner already. What it contradicts is freed. */
export function withWinner(field: Field, fixed: readonly GameResult[], chosen: GameResult): GameResult[] {
  const isThere = fixed.some((each) => isSame(each, chosen));
  if (isThere) return fixed.filter((each) => !isSame(each, chosen));
  return [...fixed.filter((each) => !contradict(field, each, chosen)), chosen];
}

function isSame(one: GameResult, other: GameResult): boolean {
  return one.game_id === other.game_id && one.winner_team_id === other.winner_team_id;
}

/** Two results of different teams cannot both be where one team has to win the game that the other wins. */
function contradict(field: Field, one: GameResult, other: GameResult): boolean {
  if (one.winner_team_id === other.winner_team_id) return false;
  return winsOn(field, one).has(other.game_id) || winsOn(field, other).has(one.game_id);
}

/** Every game that the team has won once it has won this one. */
function winsOn(field: Field, { game_id, winner_team_id }: GameResult): Set<string> {
  const byId = new Map(field.games.map((game) => [game.game_id, game]));
  const path = (game: Game | undefined): string[] | null => {
    if (!game) return null;
    for (const side of game.sides) {
      if ("team" in side) {
        if (side.team === winner_team_id) return [game.game_id];
        continue;
      }
      const before = path(byId.get(side.winner_of));
      if (before) return [...before, game.game_id];
    }
    return null;
  };
  return new Set(path(byId.get(game_id)) ?? [game_id]);
}
