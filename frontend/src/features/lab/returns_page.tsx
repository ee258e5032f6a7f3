import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Returns, TeamReturns } from "@/api/lab.ts";
import { decimal, plural, signed } from "@/lib/format.ts";
import { buttonClass } from "@/ui/button.tsx";
import { DataTable } from "@/ui/data_table.tsx";
import { Empty, Panel } from "@/ui/panel.tsx";
import { Answered } from "./answered.tsx";
import { points, share } from "./figures.ts";
import { PageHeader } from "./page_header.tsx";
import { type ReturnsOf, returnsQuery } from "./queries.ts";
import { ReturnsFigure } from "./returns_figure.tsx";

/** What teams are worth and what they cost, by two runs that the address names. */
export function ReturnsPage({ of }: { of: ReturnsOf | null }) {
  return (
    <div className="grid gap-5">
      <PageHeader
        title="Worth against price"
        sentence="What each team is expected to earn, and what others are expected to bid on it. A team is cheap where its share of all bids is below its share of all points."
        aside={of ? <Upstream of={of} /> : null}
      />
      {of ? (
        <Shown of={of} />
      ) : (
        <Panel>
          <Empty
            title="Two runs are to be named"
            action={
              <Link to="/lab" className={buttonClass("primary")}>
                Open the lab
              </Link>
            }
          >
            Open an auction and choose there who beats whom and what others bid.
          </Empty>
        </Panel>
      )}
    </div>
  );
}

function Upstream({ of }: { of: ReturnsOf }) {
  const look = buttonClass("plain", "sm");
  const search = { snapshot: of.snapshot_id, games: of.game_outcome_run_id, market: of.market_share_run_id };
  return (
    <>
      <Link to="/lab/live" search={search} className={buttonClass("primary", "sm")}>
        Live auction
      </Link>
      <Link to="/lab/game-outcomes/$runId" params={{ runId: of.game_outcome_run_id }} className={look}>
        Who beats whom
      </Link>
      <Link to="/lab/market-shares/$runId" params={{ runId: of.market_share_run_id }} className={look}>
        What others bid
      </Link>
    </>
  );
}

function Shown({ of }: { of: ReturnsOf }) {
  const returns = useQuery(returnsQuery(of));
  return (
    <Answered query={returns} label="Loading worth and price">
      {(data) => (
        <>
          <ReturnsFigure returns={data} file={`returns-${of.snapshot_id}.csv`} />
          <ReturnsTable returns={data} file={`returns-${of.snapshot_id}-teams.csv`} />
        </>
      )}
    </Answered>
  );
}

function ReturnsTable({ returns, file }: { returns: Returns; file: string }) {
  const { total_points, pool_points, teams } = returns;
  return (
    <DataTable<TeamReturns>
      title="Teams"
      sentence={`All teams together are expected to earn ${points(total_points)} points; all others have ${plural(pool_points, "point")} to bid. Delta is how much dearer a team is than by worth; ROI is points it earns over points bid on it.`}
      file={file}
      rows={teams}
      rowKey={({ team_id }) => team_id}
      total={["Total", null, null, points(total_points), "100 %", "100 %", null, points(pool_points), null]}
      columns={[
        { key: "team", label: "Team", isText: true, value: ({ name }) => name },
        {
          key: "region",
          label: "Region",
          isText: true,
          isWideOnly: true,
          value: ({ region }) => region,
        },
        { key: "seed", label: "Seed", isWideOnly: true, value: ({ seed }) => seed },
        {
          key: "expected_points",
          label: "Points",
          about: "Points it is expected to earn, whoever owns it",
          value: (team) => team.expected_points,
          show: (team) => points(team.expected_points),
        },
        {
          key: "rational_share",
          label: "By worth",
          about: "Its part of all expected points: its share of the bids if people bid by worth",
          value: (team) => team.rational_share,
          show: (team) => share(team.rational_share),
        },
        {
          key: "predicted_share",
          label: "By market",
          about: "Its part of all bids, as predicted",
          value: (team) => team.predicted_share,
          show: (team) => share(team.predicted_share),
        },
        {
          key: "delta_percent",
          label: "Delta %",
          about: "How much dearer than by worth, in percent; below zero it is cheap",
          value: (team) => team.delta_percent,
          show: (team) => signedWhole(team.delta_percent),
        },
        {
          key: "expected_market_points",
          label: "Bid on it",
          about: "Points others are expected to bid on it",
          value: (team) => team.expected_market,
          show: (team) => points(team.expected_market),
        },
        {
          key: "predicted_roi",
          label: "ROI",
          about: "Points it earns over points bid on it",
          value: (team) => team.predicted_roi,
          show: (team) => decimal(team.predicted_roi, 2),
        },
      ]}
    />
  );
}

function signedWhole(percent: number | null | undefined): string {
  return signed(percent == null ? percent : Math.round(percent)).replace(/\.0+$/, "");
}
