import clsx from "clsx";
import { type ReactNode, useMemo, useState } from "react";
import type { Field, Team } from "@/api/lab.ts";
import { words } from "@/lib/format.ts";
import { SelectField } from "@/ui/field.tsx";
import { Figure } from "@/ui/figure.tsx";
import { type Bracket, bracketOf, type PlacedGame, teamLabel, teamsOf } from "./bracket.ts";

interface Props {
  title: string;
  sentence: ReactNode;
  file: string;
  field: Field;
  winners: ReadonlyMap<string, string>;
  /** Games that were decided before; `null` where that is not asked. */
  decided?: ReadonlySet<string> | null;
  /** How a game is drawn, where it is more than two names. */
  box?: (placed: PlacedGame) => ReactNode;
}

/** A bracket: all rounds side by side where there is room, one after another on a phone. */
export function BracketFigure({ title, sentence, file, field, winners, decided = null, box }: Props) {
  const bracket = useMemo(() => bracketOf(field, winners), [field, winners]);
  const teams = useMemo(() => teamsOf(field), [field]);
  const nameOf = (id: string | null) => (id === null ? null : teamLabel(teams.get(id), id));
  const rows = bracket.rounds.flatMap(({ name, games }) =>
    games.map((each) => [
      each.game.game_id,
      words(name),
      nameOf(each.teams[0] ?? null),
      nameOf(each.teams[1] ?? null),
      nameOf(each.winner),
    ]),
  );
  const draw =
    box ??
    ((placed: PlacedGame) => (
      <GameBox placed={placed} teams={teams} isDecided={decided?.has(placed.game.game_id)} />
    ));
  const header = ["Game", "Round", "First side", "Second side", "Winner"];
  return (
    <Figure title={title} sentence={sentence} file={file} table={{ header, rows }}>
      <div className="max-md:hidden">
        <Tree bracket={bracket} draw={draw} label={title} />
      </div>
      <div className="md:hidden">
        <Rounds bracket={bracket} draw={draw} />
      </div>
    </Figure>
  );
}

/** Pixels of the picture. */
const ROW = 58;
const BOX = { width: 172, height: 50 };
const COLUMN = BOX.width + 28;
const HEAD = 28;

interface Drawn {
  bracket: Bracket;
  draw: (placed: PlacedGame) => ReactNode;
}

function Tree({ bracket, draw, label }: Drawn & { label: string }) {
  const width = bracket.rounds.length * COLUMN - 28;
  const height = HEAD + bracket.rows * ROW;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section aria-label={`${label}, all rounds`} tabIndex={0} className="overflow-auto max-h-[75vh]">
      <div className="relative" style={{ width, height }}>
        <Lines bracket={bracket} width={width} height={height} />
        <div className="sticky top-0 z-10 h-6 bg-surface">
          {bracket.rounds.map(({ name }, round) => (
            <span
              key={name}
              className="eyebrow absolute top-0 truncate"
              style={{ left: round * COLUMN, width: BOX.width }}
            >
              {words(name)}
            </span>
          ))}
        </div>
        {bracket.rounds.map(({ games }, round) =>
          games.map((placed) => (
            <div
              key={placed.game.game_id}
              className="absolute"
              style={{ left: round * COLUMN, top: topOf(placed.row), width: BOX.width, height: BOX.height }}
            >
              {draw(placed)}
            </div>
          )),
        )}
      </div>
    </section>
  );
}

function topOf(row: number): number {
  return HEAD + row * ROW + (ROW - BOX.height) / 2;
}

/** From the middle of each game to the side of the next one that its winner takes. */
function Lines({ bracket, width, height }: { bracket: Bracket; width: number; height: number }) {
  const all = new Map(
    bracket.rounds.flatMap(({ games }, round) =>
      games.map((each) => [each.game.game_id, { ...each, round }] as const),
    ),
  );
  const paths = [...all.values()].flatMap((game) =>
    game.feeders.flatMap((feeder, side) => {
      const from = all.get(feeder ?? "");
      if (!from) return [];
      const start = from.round * COLUMN + BOX.width;
      const end = game.round * COLUMN;
      const [y1, y2] = [
        topOf(from.row) + BOX.height / 2,
        topOf(game.row) + BOX.height * (side ? 0.75 : 0.25),
      ];
      return [`M${start} ${y1}H${end - 14}V${y2}H${end}`];
    }),
  );
  return (
    <svg aria-hidden width={width} height={height} className="absolute inset-0 text-line-strong">
      <path d={paths.join("")} fill="none" stroke="currentColor" />
    </svg>
  );
}

function GameBox(props: {
  placed: PlacedGame;
  teams: ReadonlyMap<string, Team>;
  isDecided: boolean | undefined;
}) {
  const { placed, teams, isDecided } = props;
  return (
    <div
      className={clsx(
        "h-full rounded-sm border bg-surface text-xs overflow-hidden",
        isDecided ? "border-line-strong border-dashed" : "border-line",
      )}
      data-game={placed.game.game_id}
      title={isDecided ? "Decided before the simulation began" : undefined}
    >
      {placed.teams.map((id, side) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: a game has two sides, which do not move
          key={side}
          className={clsx(
            "flex gap-1.5 items-center px-1.5 h-1/2 min-h-6",
            side === 0 && "border-b border-line",
            id !== null && id === placed.winner && "font-semibold bg-accent-wash",
            id === null && "text-ink-3",
          )}
        >
          <span className="num w-5 shrink-0 text-right text-ink-3">{teams.get(id ?? "")?.seed ?? ""}</span>
          <span className="truncate">{id === null ? "open" : (teams.get(id)?.name ?? id)}</span>
          {id !== null && id === placed.winner ? <span className="sr-only">, winner</span> : null}
        </div>
      ))}
    </div>
  );
}

function Rounds({ bracket, draw }: Drawn) {
  const [round, setRound] = useState(0);
  const shown = bracket.rounds[round];
  return (
    <div className="grid gap-3">
      <SelectField
        label="Round"
        value={String(round)}
        onChange={(value) => setRound(Number(value))}
        options={bracket.rounds.map(({ name }, at) => ({ value: String(at), label: words(name) }))}
      />
      <ol className="grid gap-2">
        {shown?.games.map((placed) => (
          <li key={placed.game.game_id}>{draw(placed)}</li>
        ))}
      </ol>
    </div>
  );
}
