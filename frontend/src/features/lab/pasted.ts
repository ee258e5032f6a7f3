/** Figures of teams that were pasted or typed: a line each, names first, the figure last. */
import type { PairProbability, Team, TeamOdds } from "@/api/lab.ts";
import { teamLabel } from "./bracket.ts";

export interface Pasted<Row> {
  rows: Row[];
  /** What is wrong, by line. Nothing of it is sent before nothing is. */
  problems: string[];
}

interface Line {
  /** From 1, as an editor counts. */
  nth: number;
  names: string[];
  figure: number;
}

/** Decimal odds: `Team; 4.5`. */
export function pastedOdds(text: string, teams: readonly Team[]): Pasted<TeamOdds> {
  return read(
    text,
    teams,
    1,
    "odds above 1",
    (odds) => odds > 1,
    ([team_id = ""], decimal_odds) => ({
      key: team_id,
      row: { team_id, decimal_odds },
    }),
  );
}

/** The chance that the first team beats the second: `Team; Team; 0.63`, or `63 %`. */
export function pastedPairs(text: string, teams: readonly Team[]): Pasted<PairProbability> {
  const isChance = (p: number) => p >= 0 && p <= 1;
  return read(text, teams, 2, "a chance from 0 to 1", isChance, ([one = "", other = ""], p) => ({
    // A pair may be given in one direction or in both; in one of them only once.
    key: `${one} ${other}`,
    row: { team1_id: one, team2_id: other, p_team1_wins: p },
  }));
}

function read<Row>(
  text: string,
  teams: readonly Team[],
  named: number,
  what: string,
  isFigure: (figure: number) => boolean,
  make: (ids: readonly string[], figure: number) => { key: string; row: Row },
): Pasted<Row> {
  const idsOf = namesOf(teams);
  const seen = new Map<string, number>();
  const rows: Row[] = [];
  const problems: string[] = [];
  for (const { nth, names, figure } of linesOf(text, idsOf)) {
    const wrong =
      names.length === named ? names.flatMap((name) => wrongName(name, idsOf)) : [expected(named)];
    if (!isFigure(figure)) wrong.push(`its last column is not ${what}`);
    const ids = names.map((name) => idsOf.get(keyOf(name))?.[0] ?? "");
    const { key, row } = make(ids, figure);
    const before = seen.get(key);
    if (wrong.length === 0 && before !== undefined) wrong.push(`says again what line ${before} says`);
    problems.push(...wrong.map((each) => `Line ${nth}: ${each}.`));
    if (wrong.length > 0) continue;
    seen.set(key, nth);
    rows.push(row);
  }
  return { rows, problems };
}

function expected(named: number): string {
  return named === 1 ? "it is to be a team and a figure" : "it is to be two teams and a figure";
}

function wrongName(name: string, idsOf: ReadonlyMap<string, string[]>): string[] {
  const ids = idsOf.get(keyOf(name)) ?? [];
  if (ids.length === 1) return [];
  if (ids.length === 0) return [`no team is called “${name}”`];
  return [`“${name}” is the name of ${ids.length} teams; write one of ${ids.join(", ")}`];
}

function keyOf(name: string): string {
  return name.trim().toLowerCase();
}

/** Teams by their id, their name, and their name with the seed before it. */
function namesOf(teams: readonly Team[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const team of teams) {
    for (const key of new Set([team.team_id, team.name, teamLabel(team, team.team_id)].map(keyOf))) {
      found.set(key, [...(found.get(key) ?? []), team.team_id]);
    }
  }
  // An id is one team's, whatever others are called.
  for (const { team_id } of teams) found.set(keyOf(team_id), [team_id]);
  return found;
}

/** A first line without a figure and without a team is taken for headings. */
function linesOf(text: string, idsOf: ReadonlyMap<string, string[]>): Line[] {
  const separator = ["\t", ";", ","].find((each) => text.includes(each)) ?? ",";
  const lines = text.split(/\r?\n/).flatMap((line, at) => {
    if (line.trim() === "") return [];
    const cells = line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
    const last = cells.at(-1) ?? "";
    // A line whose figure is still to be typed says nothing yet.
    return last === "" ? [] : [{ nth: at + 1, names: cells.slice(0, -1), figure: numberOf(last) }];
  });
  const [first, ...rest] = lines;
  const isHeading =
    first && Number.isNaN(first.figure) && first.names.every((name) => !idsOf.has(keyOf(name)));
  return isHeading ? rest : lines;
}

/** `0.63`, `0,63` or `63 %`. */
function numberOf(cell: string): number {
  const text = cell.replace(",", ".");
  return text.endsWith("%") ? Number(text.slice(0, -1)) / 100 : Number(text);
}
