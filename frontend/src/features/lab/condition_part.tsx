import { useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { Undo2 } from "lucide-react";
import { useMemo } from "react";
import type { Conditioned, Field, GameResult, LabRun, Team } from "@/api/lab.ts";
import { count, decimal, plural } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { DataTable } from "@/ui/data_table.tsx";
import { Stat, StatStrip } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { Answered } from "./answered.tsx";
import { type PlacedGame, teamsOf } from "./bracket.ts";
import { BracketFigure } from "./bracket_figure.tsx";
import { fixedOf, fixedText, withWinner } from "./condition.ts";
import { chance, change, counted, countedWithError, payout, points } from "./figures.ts";
import { FixGame } from "./fix_game.tsx";
import { conditionQuery, tournamentQuery } from "./queries.ts";

interface Props {
  run: LabRun;
  /** What was fixed, as the address has it. */
  fixed: string | null;
  onFixed: (fixed: string | undefined) => void;
}

/** What would be if games ended so: every chance of the bracket, and what the entries come to then. */
export function ConditionPart({ run, fixed: text, onFixed }: Props) {
  const tournament = useQuery(tournamentQuery(run.lineage.tournament_id ?? ""));
  const fixed = fixedOf(text);
  const condition = useQuery(conditionQuery(run.run_id, fixed));
  return (
    <Answered query={tournament} label="Loading the field">
      {({ field }) => {
        const fix = (chosen: GameResult) => onFixed(fixedText(withWinner(field, fixed, chosen)));
        return (
          <div className="grid gap-4">
            <Fixed field={field} fixed={fixed} onFixed={onFixed} />
            {condition.error && condition.data ? <ProblemNote error={condition.error} /> : null}
            <Answered query={condition} label="Looking through the simulations">
              {(data) => (
                <div className={clsx("grid gap-4", condition.isPlaceholderData && "opacity-60")}>
                  {fixed.length > 0 ? <Remaining conditioned={data} /> : null}
                  <Bracket run={run} field={field} conditioned={data} onFix={fix} />
                  <FixGame field={field} conditioned={data} onFix={fix} />
                  <Entries run={run} conditioned={data} />
                </div>
              )}
            </Answered>
          </div>
        );
      }}
    </Answered>
  );
}

function Fixed(props: { field: Field; fixed: readonly GameResult[]; onFixed: Props["onFixed"] }) {
  const { field, fixed, onFixed } = props;
  const teams = teamsOf(field);
  const rounds = new Map(field.games.map(({ game_id, round }) => [game_id, field.rounds[round] ?? game_id]));
  if (fixed.length === 0) {
    return (
      <p className="text-sm text-ink-2 text-pretty">
        Click on a team to let it win that game: everything else is then as in those simulations where it
        does. Click again to take it back.
      </p>
    );
  }
  return (
    <section className="flex flex-wrap items-center gap-2 text-sm" aria-label="What is fixed">
      <span className="text-ink-2">If</span>
      {fixed.map((each) => (
        <Button
          key={each.game_id}
          size="sm"
          title="Free it again"
          onClick={() => onFixed(fixedText(fixed.filter(({ game_id }) => game_id !== each.game_id)))}
        >
          {teams.get(each.winner_team_id)?.name ?? each.winner_team_id}
          <span className="text-ink-3">wins {rounds.get(each.game_id)?.replaceAll("_", " ")}</span> ×
        </Button>
      ))}
      <Button size="sm" kind="quiet" onClick={() => onFixed(fixedText(fixed.slice(0, -1)))}>
        <Undo2 aria-hidden /> Undo
      </Button>
      <Button size="sm" kind="quiet" onClick={() => onFixed(undefined)}>
        Free all
      </Button>
    </section>
  );
}

/** How much the figures below stand on. */
function Remaining({ conditioned }: { conditioned: Conditioned }) {
  const { total_simulations, considered, agreeing, is_few, p_condition } = conditioned;
  const part = considered < total_simulations ? `the first ${count(considered)} of ` : "";
  return (
    <>
      <StatStrip>
        <Stat
          label="Chance of this"
          value={chance(p_condition)}
          note="Exactly, from the chances of all pairs"
        />
        <Stat
          label="Simulations that remain"
          value={count(agreeing)}
          note={`In which it comes so, of ${part}${count(total_simulations)}`}
        />
        <Stat
          label="In each"
          value={considered === 0 ? "–" : counted({ value: agreeing / considered }, considered)}
          note="The part of them; it should be about the chance"
        />
        <Stat
          label="Figures of entries"
          value={agreeing === 0 ? "None" : is_few ? "Loose" : "Sound"}
          note={is_few ? "Fewer than 30 remain" : "± is the standard error"}
        />
      </StatStrip>
      {is_few ? (
        <p role="status" className="text-sm text-warn">
          {agreeing === 0
            ? "It comes so in none of the simulations. Chances of the bracket are exact all the same; of entries nothing can be said."
            : `Only ${plural(agreeing, "simulation")} remain: take figures of entries as a hint.`}
        </p>
      ) : null}
    </>
  );
}

interface Slot {
  team_id: string;
  p: number;
}

function Bracket(props: {
  run: LabRun;
  field: Field;
  conditioned: Conditioned;
  onFix: (chosen: GameResult) => void;
}) {
  const { run, field, conditioned, onFix } = props;
  const teams = useMemo(() => teamsOf(field), [field]);
  const games = useMemo(() => new Map(conditioned.games.map((each) => [each.game_id, each])), [conditioned]);
  const certain = useMemo(
    () =>
      new Map(
        conditioned.games.flatMap(({ game_id, winners }) => {
          const only = winners.length === 1 ? winners[0] : undefined;
          return only ? [[game_id, only.team_id] as const] : [];
        }),
      ),
    [conditioned],
  );
  /** Whoever is likeliest to stand on a side, and to win from there. */
  const slotOf = ({ game, teams: known, feeders }: PlacedGame, side: number): Slot | null => {
    const feeder = games.get(feeders[side] ?? "");
    const team_id = known[side] ?? feeder?.winners.toSorted((a, b) => b.p_exact - a.p_exact)[0]?.team_id;
    if (!team_id) return null;
    const here = games.get(game.game_id)?.winners.find((each) => each.team_id === team_id);
    return { team_id, p: here?.p_exact ?? 0 };
  };
  return (
    <BracketFigure
      title="What if"
      sentence="Each side with its team, or the likeliest one in grey, and its chance to win that game under the condition, exactly. Click on a team to let it win."
      file={`${run.run_id}-condition.csv`}
      field={field}
      winners={certain}
      box={(placed) => {
        const game = games.get(placed.game.game_id);
        return (
          <div
            className={clsx(
              "h-full rounded-sm border bg-surface text-xs overflow-hidden",
              game?.is_fixed
                ? "border-accent"
                : game?.is_decided
                  ? "border-line-strong border-dashed"
                  : "border-line",
            )}
            data-game={placed.game.game_id}
          >
            {[0, 1].map((side) => (
              <Side
                key={side}
                slot={slotOf(placed, side)}
                teams={teams}
                isKnown={placed.teams[side] != null}
                isWinner={placed.winner !== null && slotOf(placed, side)?.team_id === placed.winner}
                isDecided={game?.is_decided ?? false}
                onPick={(winner_team_id) => onFix({ game_id: placed.game.game_id, winner_team_id })}
              />
            ))}
          </div>
        );
      }}
    />
  );
}

function Side(props: {
  slot: Slot | null;
  teams: ReadonlyMap<string, Team>;
  isKnown: boolean;
  isWinner: boolean;
  isDecided: boolean;
  onPick: (teamId: string) => void;
}) {
  const { slot, teams, isKnown, isWinner, isDecided, onPick } = props;
  if (!slot) return <div className="h-6 px-1.5 text-ink-3">open</div>;
  const team = teams.get(slot.team_id);
  return (
    <button
      type="button"
      disabled={isDecided}
      aria-pressed={isWinner}
      onClick={() => onPick(slot.team_id)}
      className={clsx(
        "flex w-full gap-1.5 items-center px-1.5 h-6 text-left enabled:hover:bg-hover",
        isWinner && "font-semibold bg-accent-wash",
        !isKnown && !isWinner && "text-ink-3",
      )}
    >
      <span className="num w-5 shrink-0 text-right text-ink-3">{team?.seed ?? ""}</span>
      <span className="truncate">{team?.name ?? slot.team_id}</span>
      <span className="num ml-auto shrink-0 text-ink-2">
        {isWinner ? "wins" : slot.p > 0 ? chance(slot.p) : "out"}
      </span>
    </button>
  );
}

type Row = Conditioned["entries"][number];

function Entries({ run, conditioned }: { run: LabRun; conditioned: Conditioned }) {
  // With every game decided or fixed there is one way that it can end.
  const isOpen = conditioned.games.some(({ winners }) => winners.length !== 1);
  const basis = isOpen ? conditioned.agreeing : "exact";
  const rows = conditioned.entries.toSorted(
    (a, b) => (b.mean_normalized_payout?.value ?? 0) - (a.mean_normalized_payout?.value ?? 0),
  );
  return (
    <DataTable<Row>
      title="Entries, if it comes so"
      sentence="The best mean payout first, over the simulations that remain; ± is the standard error. Change is against all simulations, in percentage points of the first place. Expected points are exact."
      file={`${run.run_id}-condition-entries.csv`}
      rows={rows}
      rowKey={({ entry_id }) => entry_id}
      columns={[
        { key: "entry", label: "Entry", isText: true, value: ({ display_name }) => display_name },
        {
          key: "p_top1",
          label: "First",
          value: ({ p_top1 }) => p_top1?.value,
          show: ({ p_top1 }) => (p_top1 ? countedWithError(p_top1, basis) : "–"),
        },
        {
          key: "change_p_top1",
          label: "Change",
          value: ({ p_top1, before }) => (p_top1 ? 100 * (p_top1.value - before.p_top1) : null),
          show: ({ p_top1, before }) => (p_top1 ? change(100 * (p_top1.value - before.p_top1)) : "–"),
        },
        {
          key: "first_simulations",
          label: "Simulations",
          about: "Of those that remain: in which it is first, alone or tied",
          isWideOnly: true,
          value: ({ first_simulations }) => first_simulations,
          show: ({ first_simulations }) => count(first_simulations),
        },
        {
          key: "p_in_money",
          label: "In the money",
          isWideOnly: true,
          value: ({ p_in_money }) => p_in_money?.value,
          show: ({ p_in_money }) => (p_in_money ? countedWithError(p_in_money, basis) : "–"),
        },
        {
          key: "mean_normalized_payout",
          label: "Mean payout",
          value: (row) => row.mean_normalized_payout?.value,
          show: (row) => (row.mean_normalized_payout ? payout(row.mean_normalized_payout) : "–"),
        },
        {
          key: "before_mean_normalized_payout",
          label: "Before",
          isWideOnly: true,
          value: ({ before }) => before.mean_normalized_payout,
          show: ({ before }) => decimal(before.mean_normalized_payout, 4),
        },
        {
          key: "expected_points",
          label: "Expected points",
          value: ({ expected_points }) => expected_points,
          show: ({ expected_points }) => points(expected_points),
        },
      ]}
    />
  );
}
