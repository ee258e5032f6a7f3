/** A bracket as it is drawn and read: who stands where, and at which height a game lies. */
import type { Field, Game, Team } from "@/api/lab.ts";

export interface PlacedGame {
  game: Game;
  /** Its height in the picture, in rows from the top; the middle between the games that lead to it. */
  row: number;
  /** Who meets, as far as it is known. */
  teams: readonly (string | null)[];
  winner: string | null;
  /** The games whose winners meet here, in the order of the sides. */
  feeders: readonly (string | null)[];
}

export interface Bracket {
  rounds: readonly { name: string; games: PlacedGame[] }[];
  rows: number;
}

export function teamsOf(field: Field): Map<string, Team> {
  return new Map(field.teams.map((team) => [team.team_id, team]));
}

/** Lays the games out by the rounds they are played in. `winners` names the winner of each game that is played. */
export function bracketOf(field: Field, winners: ReadonlyMap<string, string>): Bracket {
  const rows = rowsOf(field.games);
  const placed = field.games.map((game): PlacedGame => {
    const feeders = game.sides.map(feederOf);
    return {
      game,
      row: rows.get(game.game_id) ?? 0,
      teams: game.sides.map((side) => ("team" in side ? side.team : (winners.get(side.winner_of) ?? null))),
      winner: winners.get(game.game_id) ?? null,
      feeders,
    };
  });
  const rounds = field.rounds.map((name, round) => ({
    name,
    games: placed.filter(({ game }) => game.round === round).toSorted((a, b) => a.row - b.row),
  }));
  return { rounds, rows: Math.max(1, ...placed.map(({ row }) => row + 1)) };
}

function feederOf(side: Game["sides"][number]): string | null {
  return "winner_of" in side ? side.winner_of : null;
}

/** A game that no other leads to takes the next row; every other lies in the middle of those that do. */
function rowsOf(games: readonly Game[]): Map<string, number> {
  const byId = new Map(games.map((game) => [game.game_id, game]));
  const fed = new Set(games.flatMap((game) => game.sides.map(feederOf)));
  const rows = new Map<string, number>();
  let next = 0;
  const place = (game: Game): number => {
    const below = game.sides.flatMap((side) => byId.get(feederOf(side) ?? "") ?? []).map(place);
    if (below.length === 0) next += 1;
    const row = below.length === 0 ? next - 1 : below.reduce((sum, each) => sum + each, 0) / below.length;
    rows.set(game.game_id, row);
    return row;
  };
  for (const game of games) if (!fed.has(game.game_id)) place(game);
  return rows;
}

/** `4 North State`, or the name alone in a field without seeds. */
export function teamLabel(team: Pick<Team, "name" | "seed"> | undefined, id: string): string {
  if (!team) return id;
  return team.seed == null ? team.name : `${team.seed} ${team.name}`;
}
