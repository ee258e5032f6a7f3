import { useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import type { Candidate, Estimate, LabRun, Portfolio, SimulationResult } from "@/api/lab.ts";
import { count, decimal, plural } from "@/lib/format.ts";
import { DataTable } from "@/ui/data_table.tsx";
import { CheckField } from "@/ui/field.tsx";
import { Figure } from "@/ui/figure.tsx";
import { Panel, Stat, StatStrip } from "@/ui/panel.tsx";
import { Answered } from "./answered.tsx";
import { basisOf, countedWithError, inFirstPrizes, money, points } from "./figures.ts";
import { candidatesQuery, portfolioQuery } from "./queries.ts";

const MOST = 10;

interface Props {
  run: LabRun;
  result: SimulationResult;
  /** Ids of entries and candidates, as the address has them. */
  members: readonly string[];
  onMembers: (members: readonly string[]) => void;
}

/** Several entries in one hand: how alike they finish, and what one more adds. */
export function PortfolioPart({ run, result, members, onMembers }: Props) {
  const candidates = useQuery(candidatesQuery(run.lineage.tournament_id ?? undefined));
  const { free, present } = apart(candidates.data?.items ?? [], result);
  const offered = new Set(free.map(({ candidate_id }) => candidate_id));
  const entries = new Set(result.leaderboard.map(({ entry_id }) => entry_id));
  const body = {
    entry_ids: members.filter((id) => entries.has(id)),
    candidate_ids: members.filter((id) => offered.has(id)),
  };
  const portfolio = useQuery({
    ...portfolioQuery(run.run_id, body),
    enabled: candidates.data !== undefined && body.entry_ids.length + body.candidate_ids.length > 0,
  });
  const toggle = (id: string, isChosen: boolean) =>
    onMembers(isChosen ? [...members, id] : members.filter((each) => each !== id));
  const choice = (id: string, label: string) => (
    <CheckField
      key={id}
      label={label}
      isChecked={members.includes(id)}
      disabled={!members.includes(id) && members.length >= MOST}
      onChange={(isChosen) => toggle(id, isChosen)}
    />
  );
  return (
    <div className="grid gap-4">
      <Panel title="Whose entries">
        <div className="grid gap-3">
          <p className="text-sm text-ink-2 text-pretty">
            Up to {MOST}. Those who finish alike add little to each other; candidates join the auction
            together with all who are in it.
          </p>
          <fieldset className="grid grid-cols-2 sm:grid-cols-4 gap-2">
            <legend className="text-sm font-medium mb-1">Entries</legend>
            {result.leaderboard.map((row) => choice(row.entry_id, row.display_name))}
          </fieldset>
          <Answered query={candidates} label="Loading candidates">
            {() => (
              <>
                {free.length > 0 ? (
                  <fieldset className="grid grid-cols-2 sm:grid-cols-4 gap-2">
                    <legend className="text-sm font-medium mb-1">Candidates</legend>
                    {free.map((each) => choice(each.candidate_id, each.display_name))}
                  </fieldset>
                ) : null}
                {present.length > 0 ? (
                  <p className="text-xs text-ink-3">
                    In this auction already, as entries above: {present.join(", ")}.
                  </p>
                ) : null}
              </>
            )}
          </Answered>
        </div>
      </Panel>
      {portfolio.isFetching && !portfolio.data ? <p role="status">Adding up…</p> : null}
      {members.length > 0 && (portfolio.data || portfolio.error) ? (
        <Answered query={portfolio} label="Adding up">
          {(data) => (
            <Together
              run={run}
              portfolio={data}
              isDecided={basisOf(result.leaderboard, data.considered) === "exact"}
            />
          )}
        </Answered>
      ) : null}
    </div>
  );
}

/** Candidates that may join, and the names of those whose bids are in the auction already: they are one hand. */
function apart(candidates: readonly Candidate[], { leaderboard }: SimulationResult) {
  const attached = new Set(leaderboard.map(({ candidate_id }) => candidate_id));
  const isPresent = ({ candidate_id }: Candidate) => attached.has(candidate_id);
  return {
    free: candidates.filter((each) => !isPresent(each)),
    present: candidates.filter(isPresent).map(({ display_name }) => display_name),
  };
}

function Together({ run, portfolio, isDecided }: { run: LabRun; portfolio: Portfolio; isDecided: boolean }) {
  const { members, considered, total_simulations, p_any_in_money, total_payout_cents, first_prize_cents } =
    portfolio;
  const basis = isDecided ? "exact" : considered;
  const paid = (cents: Estimate) => inFirstPrizes(cents, first_prize_cents);
  return (
    <>
      <StatStrip>
        <Stat
          label="Any in the money"
          value={countedWithError(p_any_in_money, basis)}
          note={`In ${plural(portfolio.any_in_money_simulations, "simulation")}`}
        />
        <Stat label="Paid together" value={paid(total_payout_cents)} note="First prizes, on average" />
        <Stat label="First prize" value={money(first_prize_cents)} note="In hundreds of cents" />
        <Stat
          label="Simulations"
          value={count(considered)}
          note={considered < total_simulations ? `The first of ${count(total_simulations)}` : "All of them"}
        />
      </StatStrip>
      {members.length > 1 ? <Matrix run={run} portfolio={portfolio} /> : null}
      <DataTable<Portfolio["members"][number]>
        title="What each adds"
        sentence="In the order in which they were chosen. Adds is what those above it and it are paid together more than without it: it takes from them too. Payouts are in first prizes."
        file={`${run.run_id}-portfolio.csv`}
        rows={members}
        rowKey={({ entry_id }) => entry_id}
        columns={[
          { key: "entry", label: "Entry", isText: true, value: ({ display_name }) => display_name },
          {
            key: "adds_cents",
            label: "Adds",
            value: ({ adds_cents }) => adds_cents.value,
            about: "In first prizes, plus or minus the standard error",
            show: ({ adds_cents }) => paid(adds_cents),
          },
          {
            key: "mean_payout_cents",
            label: "Mean payout",
            about: "In first prizes, plus or minus the standard error",
            value: (row) => row.mean_payout_cents.value,
            show: (row) => paid(row.mean_payout_cents),
          },
          {
            key: "p_in_money",
            label: "In the money",
            value: ({ p_in_money }) => p_in_money.value,
            show: ({ p_in_money }) => countedWithError(p_in_money, basis),
          },
          {
            key: "mean_points",
            label: "Points",
            isWideOnly: true,
            value: ({ mean_points }) => mean_points.value,
            show: ({ mean_points }) => points(mean_points.value),
          },
        ]}
      />
    </>
  );
}

function Matrix({ run, portfolio }: { run: LabRun; portfolio: Portfolio }) {
  const { members, pairs } = portfolio;
  const names = new Map(members.map(({ entry_id, display_name }) => [entry_id, display_name]));
  const of = (one: string, other: string) =>
    pairs.find(
      ({ first_entry_id: a, second_entry_id: b }) => (a === one && b === other) || (a === other && b === one),
    )?.payout_correlation;
  return (
    <Figure
      title="How alike they finish"
      sentence="Correlation of what two are paid over the simulations: 1 is always together, 0 is apart, below it one is paid where the other is not. The table has points and both in the money too."
      file={`${run.run_id}-correlation.csv`}
      table={{
        header: ["One", "Other", "Payouts", "Points", "Both in the money", "Simulations with both"],
        rows: pairs.map((pair) => [
          names.get(pair.first_entry_id),
          names.get(pair.second_entry_id),
          pair.payout_correlation,
          pair.points_correlation,
          pair.p_both_in_money.value,
          pair.both_in_money_simulations,
        ]),
        show: (cell, column) =>
          typeof cell === "number" && column < 5 ? decimal(cell, 3) : String(cell ?? "–"),
      }}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section aria-label="Correlations" tabIndex={0} className="overflow-x-auto">
        <table className="text-xs border-separate border-spacing-0.5">
          <tbody>
            {members.map(({ entry_id, display_name }, row) => (
              <tr key={entry_id}>
                <th scope="row" className="text-left font-normal pr-3 whitespace-nowrap">
                  {row + 1}. {display_name}
                </th>
                {members.map((other, column) => (
                  <Correlation
                    key={other.entry_id}
                    value={row === column ? 1 : of(entry_id, other.entry_id)}
                    isSelf={row === column}
                    title={`${display_name} and ${other.display_name}`}
                  />
                ))}
              </tr>
            ))}
            <tr>
              <td />
              {members.map(({ entry_id }, column) => (
                <th key={entry_id} scope="col" className="font-normal text-ink-3 h-6">
                  {column + 1}.
                </th>
              ))}
            </tr>
          </tbody>
        </table>
      </section>
    </Figure>
  );
}

/** The stronger, the deeper: up in one colour, down in another; the number is always there. */
function Correlation(props: { value: number | null | undefined; isSelf: boolean; title: string }) {
  const { value, isSelf, title } = props;
  const depth = Math.round(45 * Math.min(1, Math.abs(value ?? 0)));
  const colour = (value ?? 0) < 0 ? "var(--series-3)" : "var(--series-2)";
  return (
    <td
      title={title}
      className={clsx("num h-9 w-14 min-w-12 text-center rounded-sm", isSelf && "text-ink-3 bg-sunken")}
      style={isSelf ? undefined : { background: `color-mix(in oklab, ${colour} ${depth}%, transparent)` }}
    >
      {value == null ? "–" : decimal(value, 2)}
    </td>
  );
}
