import { useQuery } from "@tanstack/react-query";
import type { LabRun, MarketShareResult } from "@/api/lab.ts";
import { plural } from "@/lib/format.ts";
import { DataTable } from "@/ui/data_table.tsx";
import { Answered } from "./answered.tsx";
import { AuctionLink } from "./auction_link.tsx";
import { teamLabel } from "./bracket.ts";
import { points, share } from "./figures.ts";
import { LabFrame, type Moment } from "./lab_frame.tsx";
import { marketShareQuery } from "./queries.ts";
import { useTeams } from "./teams.ts";

/** What others bid, by one model. */
export function MarketSharePage({ runId, seq, onSeq }: Moment & { runId: string }) {
  const market = useQuery(marketShareQuery(runId));
  return (
    <Answered query={market} label="Loading the run" page="run">
      {({ run, result }) => (
        <LabFrame
          item={run}
          hasResult={result != null}
          seq={seq}
          onSeq={onSeq}
          actions={<AuctionLink lineage={run.lineage} />}
        >
          {result ? <Shares run={run} result={result} /> : null}
        </LabFrame>
      )}
    </Answered>
  );
}

function Shares({ run, result }: { run: LabRun; result: MarketShareResult }) {
  const teams = useTeams(run.lineage.tournament_id);
  return (
    <DataTable<MarketShareResult["teams"][number]>
      title="What others are expected to bid"
      sentence={`${plural(result.entry_count, "entry", "entries")} have ${plural(result.pool_points, "point")} together; each team's share of all bids, and what that is in points.`}
      file={`${run.run_id}-market.csv`}
      rows={result.teams}
      rowKey={({ team_id }) => team_id}
      columns={[
        {
          key: "team",
          label: "Team",
          isText: true,
          value: ({ team_id }) => teamLabel(teams.get(team_id), team_id),
        },
        {
          key: "predicted_share",
          label: "Share of all bids",
          value: ({ predicted_share }) => predicted_share,
          show: ({ predicted_share }) => share(predicted_share),
        },
        {
          key: "predicted_points",
          label: "Points bid",
          value: ({ predicted_points }) => predicted_points,
          show: ({ predicted_points }) => points(predicted_points),
        },
      ]}
    />
  );
}
