import type { Returns, TeamReturns } from "@/api/lab.ts";
import { Figure } from "@/ui/figure.tsx";
import { teamLabel } from "./bracket.ts";
import { share } from "./figures.ts";

/** So many teams are named in the picture at most. */
const NAMED = 6;
/** Names nearer to each other than this part of the picture's height would cover each other. */
const APART = 0.07;
/** A team nearer to the line than this part of the picture is priced by worth, and needs no name. */
const OFF = 0.01;

/** Each team by its share of the points and its share of the bids: above the line it is dear, below it is cheap. */
export function ReturnsFigure({ returns, file }: { returns: Returns; file: string }) {
  const { teams } = returns;
  const most = Math.max(...teams.map((team) => Math.max(team.rational_share, team.predicted_share)), 0.01);
  const ticks = ticksTo(most);
  const end = ticks.at(-1) ?? most;
  return (
    <Figure
      title="Where the market errs"
      sentence="A dot is a team: to the right what it is worth, upwards what others bid on it. On the line both are equal; below it a team is cheap."
      file={file}
      table={{
        header: ["Team", "Share by worth", "Share by market"],
        rows: teams.map((team) => [nameOf(team), team.rational_share, team.predicted_share]),
        show: (cell, column) => (column > 0 ? share(cell as number) : String(cell)),
      }}
    >
      <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 text-xs max-w-4xl pr-4">
        <p className="text-ink-2 [writing-mode:vertical-rl] rotate-180 text-center">Share of all bids (%)</p>
        <div className="ml-9 mb-6 mt-2">
          <Plot teams={teams} ticks={ticks} end={end} />
        </div>
        <span />
        <p className="text-ink-2 text-center">Share of all expected points (%)</p>
      </div>
    </Figure>
  );
}

function Plot(props: { teams: readonly TeamReturns[]; ticks: readonly number[]; end: number }) {
  const { teams, ticks, end } = props;
  const at = (value: number) => `${(100 * value) / end}%`;
  const placeOf = (team: TeamReturns) => ({
    left: at(team.rational_share),
    bottom: at(team.predicted_share),
  });
  return (
    <div
      className="relative h-80 max-sm:h-64 border-l border-b border-line-strong num"
      role="img"
      aria-label={summaryOf(teams)}
    >
      {ticks.map((tick) => (
        <div key={tick} className="contents text-ink-3">
          <span className="absolute inset-y-0 border-l border-line" style={{ left: at(tick) }} />
          <span className="absolute inset-x-0 border-b border-line" style={{ bottom: at(tick) }} />
          <span className="absolute top-full mt-1 -translate-x-1/2" style={{ left: at(tick) }}>
            {percentOf(tick)}
          </span>
          <span className="absolute right-full mr-1.5 translate-y-1/2" style={{ bottom: at(tick) }}>
            {percentOf(tick)}
          </span>
        </div>
      ))}
      <svg
        viewBox="0 0 100 100"
        preserveAspectRatio="none"
        className="absolute inset-0 size-full text-line-strong"
        aria-hidden
      >
        <path
          d="M0 100L100 0"
          stroke="currentColor"
          strokeDasharray="4 4"
          vectorEffect="non-scaling-stroke"
          fill="none"
        />
      </svg>
      {teams.map((team) => (
        <span
          key={team.team_id}
          className="absolute size-2 -ml-1 -mb-1 rounded-full opacity-80"
          style={{ ...placeOf(team), background: colourOf(team) }}
          title={`${nameOf(team)}: ${share(team.rational_share)} by worth, ${share(team.predicted_share)} by market`}
        />
      ))}
      {named(teams, end).map((team) => (
        <span
          key={team.team_id}
          className={`absolute translate-y-1/2 whitespace-nowrap ${isRight(team, end) ? "-translate-x-full -ml-2" : "ml-2"}`}
          style={placeOf(team)}
        >
          {nameOf(team)}
        </span>
      ))}
    </div>
  );
}

function colourOf(team: TeamReturns): string {
  return team.predicted_share > team.rational_share ? "var(--series-3)" : "var(--series-2)";
}

function nameOf(team: TeamReturns): string {
  return teamLabel(team, team.team_id);
}

function isRight(team: TeamReturns, end: number): boolean {
  return team.rational_share > 0.6 * end;
}

/** The teams whose price lies farthest from their worth, as far as their names do not cover each other. */
function named(teams: readonly TeamReturns[], end: number): TeamReturns[] {
  const gap = (team: TeamReturns) => Math.abs(team.predicted_share - team.rational_share);
  const chosen: TeamReturns[] = [];
  for (const team of teams.toSorted((a, b) => gap(b) - gap(a))) {
    if (gap(team) < OFF * end) break;
    const isFree = chosen.every(
      (other) => Math.abs(other.predicted_share - team.predicted_share) > APART * end,
    );
    if (isFree) chosen.push(team);
    if (chosen.length === NAMED) break;
  }
  return chosen;
}

function summaryOf(teams: readonly TeamReturns[]): string {
  const cheap = teams.filter((team) => team.predicted_share < team.rational_share).length;
  return `${cheap} of ${teams.length} teams cost less than they are worth`;
}

/** Round shares from nothing to beyond the most. */
function ticksTo(most: number): number[] {
  const step = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5].find((each) => most / each <= 6) ?? 1;
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, at) => at * step);
}

function percentOf(tick: number): string {
  return `${Math.round(1000 * tick) / 10}`;
}
