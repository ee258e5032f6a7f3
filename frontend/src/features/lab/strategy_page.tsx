import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Printer } from "lucide-react";
import { useState } from "react";
import type { LabRun, StrategyResult, TeamBid } from "@/api/lab.ts";
import { decimal, plural } from "@/lib/format.ts";
import { Button, buttonClass } from "@/ui/button.tsx";
import { DataTable } from "@/ui/data_table.tsx";
import { TextField } from "@/ui/field.tsx";
import { Panel, Stat, StatStrip } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { keepCandidate } from "./actions.ts";
import { Answered } from "./answered.tsx";
import { AuctionLink } from "./auction_link.tsx";
import { teamLabel } from "./bracket.ts";
import { points, share } from "./figures.ts";
import { LabFrame, type Moment } from "./lab_frame.tsx";
import { strategyQuery } from "./queries.ts";
import { useTeams } from "./teams.ts";

/** The best bids against a market: what to write on the sheet, and why. */
export function StrategyPage({ runId, seq, onSeq }: Moment & { runId: string }) {
  const strategy = useQuery(strategyQuery(runId));
  return (
    <Answered query={strategy} label="Loading the run" page="run">
      {({ run, result }) => (
        <LabFrame
          item={run}
          hasResult={result != null}
          seq={seq}
          onSeq={onSeq}
          actions={
            <>
              <ReturnsLink run={run} />
              <AuctionLink lineage={run.lineage} />
            </>
          }
        >
          {result ? (
            <>
              <BidSheet run={run} result={result} />
              <KeepCandidate run={run} />
            </>
          ) : null}
        </LabFrame>
      )}
    </Answered>
  );
}

function ReturnsLink({ run }: { run: LabRun }) {
  const { snapshot_id, game_outcome_run_id, market_share_run_id } = run.lineage;
  if (!snapshot_id || !game_outcome_run_id || !market_share_run_id) return null;
  return (
    <Link
      to="/lab/returns"
      search={{ snapshot: snapshot_id, games: game_outcome_run_id, market: market_share_run_id }}
      className={buttonClass("plain", "sm")}
    >
      Worth against price
    </Link>
  );
}

function BidSheet({ run, result }: { run: LabRun; result: StrategyResult }) {
  const teams = useTeams(run.lineage.tournament_id);
  const { bids, expected_points, total_bid_points } = result;
  return (
    <div className="grid gap-4 print-sheet">
      <h2 className="hidden print:block text-lg font-semibold first-letter:uppercase">{run.title}</h2>
      <StatStrip>
        <Stat label="Expected points" value={points(expected_points)} note="If others bid as predicted" />
        <Stat label="Points bid" value={points(total_bid_points)} />
        <Stat label="Teams" value={bids.length} />
        <Stat
          label="Points per point bid"
          value={decimal(total_bid_points > 0 ? expected_points / total_bid_points : null, 2)}
        />
      </StatStrip>
      <DataTable<TeamBid>
        title="Bid sheet"
        sentence={`${plural(total_bid_points, "point")} on ${plural(bids.length, "team")}, expected to earn ${points(expected_points)} if others bid what the market model predicts, which may be next to nothing on weak teams; a simulation scores the same bids against those of the auction and comes to other points. Ownership is the bid over all bids; ROI is a team's points over all points bid on it, these included.`}
        file={`${run.run_id}-bids.csv`}
        rows={bids}
        rowKey={({ team_id }) => team_id}
        total={["Total", total_bid_points, null, null, null, null]}
        aside={
          <Button size="sm" onClick={() => window.print()}>
            <Printer aria-hidden /> Print
          </Button>
        }
        columns={[
          {
            key: "team",
            label: "Team",
            isText: true,
            value: ({ team_id }) => teamLabel(teams.get(team_id), team_id),
          },
          { key: "bid_points", label: "Bid", value: ({ bid_points }) => bid_points },
          {
            key: "expected_points",
            label: "Team earns",
            about: "Points the team is expected to earn, whoever owns it",
            value: (bid) => bid.expected_points,
            show: (bid) => points(bid.expected_points),
          },
          {
            key: "expected_market_points",
            label: "Others bid",
            about: "Points all others are expected to bid on it",
            value: (bid) => bid.expected_market,
            show: (bid) => points(bid.expected_market),
          },
          {
            key: "expected_ownership",
            label: "Ownership",
            about: "The part of the team it would own",
            value: (bid) => bid.expected_ownership,
            show: (bid) => share(bid.expected_ownership),
          },
          {
            key: "expected_roi",
            label: "ROI",
            about: "Points of the team over all points bid on it",
            value: (bid) => bid.expected_roi,
            show: (bid) => decimal(bid.expected_roi, 2),
          },
        ]}
      />
    </div>
  );
}

/** The bids become a candidate, which may join auctions and be compared with others. */
function KeepCandidate({ run }: { run: LabRun }) {
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const keep = useMutation({
    mutationFn: () =>
      keepCandidate({
        display_name: name.trim(),
        source_kind: "strategy",
        strategy_generation_run_id: run.run_id,
      }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["lab", "candidates"] }),
  });
  return (
    <Panel title="Keep these bids as a candidate">
      <div className="flex flex-wrap items-end gap-3">
        <div className="w-72 max-w-full">
          <TextField
            label="Name"
            hint="For people; names need not differ"
            maxLength={100}
            value={name}
            onChange={setName}
          />
        </div>
        <Button
          kind="primary"
          className="mb-5"
          disabled={name.trim() === "" || keep.isPending}
          onClick={() => keep.mutate()}
        >
          Keep candidate
        </Button>
        {keep.data ? (
          <p role="status" className="text-sm mb-6">
            Kept:{" "}
            <Link
              to="/lab/candidates/$candidateId"
              params={{ candidateId: keep.data.candidate_id }}
              className="text-accent hover:underline font-medium"
            >
              {keep.data.display_name}
            </Link>
            . Compare it on the page of a simulation, or attach it to an auction of a cohort.
          </p>
        ) : null}
      </div>
      {keep.error ? <ProblemNote error={keep.error} /> : null}
    </Panel>
  );
}
