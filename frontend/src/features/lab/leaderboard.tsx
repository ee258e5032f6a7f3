import { Link } from "@tanstack/react-router";
import type { LeaderboardRow, SimulationResult } from "@/api/lab.ts";
import { count, decimal, plural } from "@/lib/format.ts";
import { DataTable } from "@/ui/data_table.tsx";
import { basisOf, counted, countedWithError, money, payout, points } from "./figures.ts";
import { WhiskerFigure } from "./whisker_figure.tsx";

/** A picture holds so many; the table has all. */
const DRAWN = 20;

/** Who wins how much on average, and how sure that is. */
export function Leaderboard(props: {
  runId: string;
  result: SimulationResult;
  entry: string | null;
  onEntry: (entryId: string) => void;
}) {
  const { runId, result, entry, onEntry } = props;
  const rows = result.leaderboard;
  const drawn = rows.filter(
    ({ entry_id, candidate_id }, at) => at < DRAWN || entry_id === entry || candidate_id,
  );
  return (
    <div className="grid gap-4">
      <WhiskerFigure
        title="Leaderboard"
        sentence={`Mean payout over the first prize in ${plural(result.total_simulations, "simulation")}, with its 95 % interval. Where two intervals lie apart, chance does not explain the difference. Candidates are marked${rows.length > drawn.length ? `; the first ${DRAWN} of ${count(rows.length)}` : ""}.`}
        file={`${runId}-leaderboard-figure.csv`}
        axis="Mean payout (first prizes)"
        rows={drawn.map((row) => ({
          id: row.entry_id,
          label: row.display_name,
          estimate: row.mean_normalized_payout,
          isMarked: row.candidate_id != null || row.entry_id === entry,
        }))}
      />
      <LeaderboardTable
        title="Entries"
        sentence="By the mean payout, best first. ± is the standard error. The first place is shared between those who tie for it, so that its chances sum to one; in the money is any payout at all."
        file={`${runId}-leaderboard.csv`}
        rows={rows}
        simulations={result.total_simulations}
        chosen={entry}
        onEntry={onEntry}
      />
    </div>
  );
}

/** Rows of a leaderboard; an entry that came from a candidate leads to it. */
export function LeaderboardTable(props: {
  title: string;
  sentence: string;
  file: string;
  rows: readonly LeaderboardRow[];
  /** How many the chances were counted in. */
  simulations: number;
  chosen: string | null;
  onEntry?: (entryId: string) => void;
}) {
  const { title, sentence, file, rows, simulations, chosen, onEntry } = props;
  const basis = basisOf(rows, simulations);
  return (
    <DataTable<LeaderboardRow>
      title={title}
      sentence={sentence}
      file={file}
      rows={rows}
      rowKey={({ entry_id }) => entry_id}
      isChosen={({ entry_id, candidate_id }) => entry_id === chosen || candidate_id != null}
      columns={[
        { key: "rank", label: "Rank", value: ({ rank }) => rank },
        {
          key: "entry",
          label: "Entry",
          isText: true,
          value: ({ display_name }) => display_name,
          show: (row) => <EntryName row={row} onEntry={onEntry} />,
        },
        {
          key: "mean_normalized_payout",
          label: "Mean payout",
          about: "Mean payout over the first prize, plus or minus its standard error",
          value: (row) => row.mean_normalized_payout.value,
          show: (row) => payout(row.mean_normalized_payout),
        },
        {
          key: "p_top1",
          label: "First",
          about: "Chance of the first place, plus or minus its standard error",
          value: (row) => row.p_top1.value,
          show: (row) => countedWithError(row.p_top1, basis),
        },
        {
          key: "p_in_money",
          label: "In the money",
          about: "Chance of any payout",
          value: (row) => row.p_in_money.value,
          show: (row) => counted(row.p_in_money, basis),
        },
        {
          key: "mean_position",
          label: "Mean place",
          isWideOnly: true,
          value: (row) => row.mean_position.value,
          show: (row) => decimal(row.mean_position.value, 1),
        },
        {
          key: "expected_points",
          label: "Points",
          isWideOnly: true,
          about: "Expected points, computed exactly",
          value: (row) => row.expected_points,
          show: (row) => points(row.expected_points),
        },
        {
          key: "realized_position",
          label: "Realised",
          about: "How it really ended, once all games are played: place, points and payout",
          value: (row) => row.realized?.finish_position,
          show: (row) => <Realized row={row} />,
        },
      ]}
    />
  );
}

function EntryName(props: { row: LeaderboardRow; onEntry: ((entryId: string) => void) | undefined }) {
  const { row, onEntry } = props;
  const name = onEntry ? (
    <button
      type="button"
      className="text-accent hover:underline text-left min-h-6 min-w-6"
      onClick={() => onEntry(row.entry_id)}
    >
      {row.display_name}
    </button>
  ) : (
    row.display_name
  );
  return (
    <>
      {name}
      {row.candidate_id ? (
        <Link
          to="/lab/candidates/$candidateId"
          params={{ candidateId: row.candidate_id }}
          className="ml-2 inline-flex items-center min-h-6 text-xs text-ink-2 hover:underline"
        >
          candidate
        </Link>
      ) : null}
    </>
  );
}

function Realized({ row: { realized } }: { row: LeaderboardRow }) {
  if (!realized) return <span title="Games of its state are open">–</span>;
  return (
    <span title={`${points(realized.total_points)} points, paid ${money(realized.payout_cents)}`}>
      {realized.is_tied ? "=" : ""}
      {realized.finish_position}
      {realized.in_the_money ? <span className="text-pass"> paid</span> : null}
    </span>
  );
}
