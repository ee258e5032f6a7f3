import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Distribution, LabRun, LeaderboardRow, SimulationResult } from "@/api/lab.ts";
import { runQuery } from "@/features/runs/queries.ts";
import { count, decimal, shortId, words } from "@/lib/format.ts";
import { SelectField } from "@/ui/field.tsx";
import { Figure } from "@/ui/figure.tsx";
import { Panel, Stat, StatStrip } from "@/ui/panel.tsx";
import { Glyph } from "@/ui/status.tsx";
import { Answered } from "./answered.tsx";
import { basisOf, chance, counted, countedWithError, money, payout, points } from "./figures.ts";
import { placesOf, sumsOf } from "./maths.ts";
import { DigestText } from "./page_header.tsx";
import { distributionQuery } from "./queries.ts";

interface Props {
  run: LabRun;
  result: SimulationResult;
  entry: string | null;
  onEntry: (entryId: string) => void;
}

/** One entry: how it finished, how often, and how its figures come from that. */
export function EntryPart({ run, result, entry, onEntry }: Props) {
  const rows = result.leaderboard;
  const row = rows.find(({ entry_id }) => entry_id === entry) ?? rows[0];
  if (!row) return <p className="text-ink-2">The auction has no entries.</p>;
  const basis = basisOf(rows, result.total_simulations);
  return (
    <div className="grid gap-4">
      <div className="max-w-80">
        <SelectField
          label="Entry"
          value={row.entry_id}
          onChange={onEntry}
          options={rows.map(({ entry_id, rank, display_name }) => ({
            value: entry_id,
            label: `${rank}. ${display_name}`,
          }))}
        />
      </div>
      <StatStrip>
        <Stat
          label="Mean payout"
          value={decimal(row.mean_normalized_payout.value, 4)}
          note={`First prizes, ± ${decimal(row.mean_normalized_payout.standard_error, 4)}; with the exact points as control variate ${payout(row.controlled_normalized_payout)}`}
        />
        <Stat label="First place" value={countedWithError(row.p_top1, basis)} note="Shared where it ties" />
        <Stat label="In the money" value={countedWithError(row.p_in_money, basis)} note="Any payout" />
        <Stat
          label="Expected points"
          value={points(row.expected_points)}
          note={`Exactly; simulated ${points(row.mean_points.value)}`}
        />
      </StatStrip>
      <DistributionPart run={run} result={result} row={row} />
    </div>
  );
}

function DistributionPart({
  run,
  result,
  row,
}: {
  run: LabRun;
  result: SimulationResult;
  row: LeaderboardRow;
}) {
  const distribution = useQuery(distributionQuery(run.run_id, row.entry_id));
  return (
    <Answered query={distribution} label="Loading how it finished">
      {(data) => (
        <>
          <DistributionFigure run={run} result={result} row={row} distribution={data} />
          <Maths run={run} result={result} row={row} distribution={data} />
        </>
      )}
    </Answered>
  );
}

interface Of {
  run: LabRun;
  result: SimulationResult;
  row: LeaderboardRow;
  distribution: Distribution;
}

function DistributionFigure({ run, result, row, distribution }: Of) {
  const places = placesOf(distribution);
  const entries = result.leaderboard.length;
  const most = Math.max(...places.map(({ simulations }) => simulations), 1);
  const byPlace = new Map(places.map(({ position, simulations }) => [position, simulations]));
  const total = result.total_simulations;
  return (
    <Figure
      title={`How ${row.display_name} finishes`}
      sentence={`How often each of ${count(entries)} places came in ${count(total)} simulations, ties with their first place. The table has every finish with who shared it and what it was paid.`}
      file={`${run.run_id}-finishes-${shortId(row.entry_id)}.csv`}
      table={{
        header: ["Place", "Entries that share it", "Paid (cents)", "Simulations"],
        rows: distribution.finishes.map((each) => [
          each.position,
          each.sharing,
          each.payout_cents,
          each.simulations,
        ]),
      }}
    >
      <div role="img" aria-label={`Most often it comes in place ${modeOf(places)}`}>
        <p className="num text-xs text-ink-3">
          {counted({ value: most / total }, basisOf(result.leaderboard, total))} of all simulations at the top
        </p>
        <div className="flex items-end gap-px h-44 border-b border-line-strong border-t border-t-line">
          {Array.from({ length: entries }, (_, at) => {
            const simulations = byPlace.get(at + 1) ?? 0;
            return (
              <div
                // biome-ignore lint/suspicious/noArrayIndexKey: places do not move
                key={at}
                className="flex-1 min-w-0 bg-[var(--series-2)]"
                style={{ height: `${(100 * simulations) / most}%` }}
                title={`Place ${at + 1}: ${count(simulations)} simulations, ${simulations === 0 ? "never" : chance(simulations / total)}`}
              />
            );
          })}
        </div>
        <div className="flex justify-between num text-xs text-ink-3 mt-1">
          <span>1</span>
          <span className="text-ink-2">Place</span>
          <span>{entries}</span>
        </div>
      </div>
    </Figure>
  );
}

function modeOf(places: ReturnType<typeof placesOf>): number {
  return places.reduce((best, each) => (each.simulations > best.simulations ? each : best), {
    position: 1,
    simulations: 0,
  }).position;
}

/** Value ← formula ← inputs ← digests. */
function Maths({ run, result, row, distribution }: Of) {
  const detail = useQuery({ ...runQuery(run.run_id), refetchInterval: false });
  return (
    <Panel title="Show the maths">
      <div className="grid gap-4 text-sm" data-testid="maths">
        {sumsOf(row, distribution, result).map(({ name, stated, formula, numbers, agrees }) => (
          <div key={name} className="grid gap-0.5">
            <p className="flex flex-wrap items-center gap-x-2">
              <span className="font-medium">{name}</span>
              <span className="num">{stated}</span>
              <span className={agrees ? "text-pass text-xs" : "text-fail text-xs"}>
                <span className="inline-flex items-center gap-1">
                  <Glyph status={agrees ? "pass" : "fail"} />{" "}
                  {agrees ? "adds up here" : "does not add up here"}
                </span>
              </span>
            </p>
            <p className="text-ink-2">← {formula}</p>
            <p className="num text-ink-2">← {numbers}</p>
          </div>
        ))}
        <div className="grid gap-1 border-t border-line pt-3">
          <p className="text-ink-2">
            ← finishes in {count(result.total_simulations)} simulations; first prize{" "}
            {money(result.first_prize_cents)}; points of all teams {points(result.total_points)}, of which{" "}
            {points(result.unowned_points)} are expected to go to nobody
          </p>
          {detail.data?.inputs.map(({ role, digest, id }) => (
            <p key={`${role}${id}`} className="text-ink-2">
              ← {words(role)} <DigestText digest={digest} label={`the digest of ${words(role)}`} />
            </p>
          ))}
          {detail.data?.artifacts.map(({ name, digest, artifact_id }) => (
            <p key={artifact_id} className="text-ink-2">
              ←{" "}
              <Link
                to="/artifacts/$artifactId"
                params={{ artifactId: artifact_id }}
                className="text-accent underline"
              >
                {words(name)}
              </Link>{" "}
              <DigestText digest={digest} label={`the digest of ${words(name)}`} />
            </p>
          ))}
          {result.seal_root ? (
            <p className="text-ink-2">
              ← seal over all tournaments <DigestText digest={result.seal_root} label="the seal" />
            </p>
          ) : null}
        </div>
      </div>
    </Panel>
  );
}
