import type { LiveAuction, SoldTeam } from "@/api/lab.ts";
import { plural, signed } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { DataTable } from "@/ui/data_table.tsx";
import { teamLabel } from "./bracket.ts";
import { points } from "./figures.ts";

type LiveTeam = LiveAuction["teams"][number];

/** What is still to fall with the best bids on it, and what has fallen. */
export function LiveTables(props: {
  auction: LiveAuction;
  sold: readonly SoldTeam[];
  file: string;
  onTakeBack: (teamId: string) => void;
}) {
  const { auction, sold, file, onTakeBack } = props;
  const order = new Map(sold.map(({ team_id }, at) => [team_id, at]));
  const open = auction.teams
    .filter(({ is_sold }) => !is_sold)
    .toSorted((a, b) => b.best_bid_points - a.best_bid_points || b.expected_points - a.expected_points);
  const fallen = auction.teams
    .filter(({ is_sold }) => is_sold)
    .toSorted((a, b) => (order.get(b.team_id) ?? 0) - (order.get(a.team_id) ?? 0));
  const { plan } = auction;
  return (
    <div className="grid gap-5 xl:grid-cols-2 items-start">
      <DataTable<LiveTeam>
        title="Still to fall"
        sentence={
          plan
            ? `Your best bids now: ${plural(plan.total_bid_points, "point")} on ${plural(plan.bids.length, "team")}, first in the list. Prices are projected.`
            : "Prices are projected. There is no plan for the rest."
        }
        file={`${file}-open.csv`}
        rows={open}
        rowKey={({ team_id }) => team_id}
        isChosen={({ best_bid_points }) => best_bid_points > 0}
        columns={[
          nameColumn,
          {
            key: "best_bid_points",
            label: "Best bid",
            value: ({ best_bid_points }) => best_bid_points,
            show: ({ best_bid_points }) => best_bid_points || "–",
          },
          worthColumn,
          priceColumn,
          changeColumn,
        ]}
      />
      <DataTable<LiveTeam>
        title="Fallen"
        sentence={
          fallen.length === 0
            ? "Nothing yet. What you enter above stands here, the last one first."
            : "The last one first. Change is against what was predicted, in percent."
        }
        file={`${file}-fallen.csv`}
        rows={fallen}
        rowKey={({ team_id }) => team_id}
        isChosen={({ own_points }) => own_points > 0}
        columns={[
          nameColumn,
          { key: "own_points", label: "Yours", value: ({ own_points }) => own_points },
          worthColumn,
          priceColumn,
          changeColumn,
          {
            key: "take_back",
            label: "Edit",
            value: () => null,
            show: (team) => (
              <Button
                size="sm"
                kind="quiet"
                aria-label={`Take back ${team.name}`}
                onClick={() => onTakeBack(team.team_id)}
              >
                Take back
              </Button>
            ),
          },
        ]}
      />
    </div>
  );
}

const nameColumn = {
  key: "team",
  label: "Team",
  isText: true,
  value: (team: LiveTeam) => teamLabel(team, team.team_id),
};

const worthColumn = {
  key: "expected_points",
  label: "Worth",
  about: "Points it is expected to earn, whoever owns it",
  value: (team: LiveTeam) => team.expected_points,
  show: (team: LiveTeam) => points(team.expected_points),
};

const changeColumn = {
  key: "change_percent",
  label: "Change %",
  about: "Against what others were expected to bid before the auction",
  isWideOnly: true,
  value: (team: LiveTeam) => team.change_percent,
  show: (team: LiveTeam) =>
    team.change_percent == null ? "–" : signed(Math.round(team.change_percent)).replace(/\.0+$/, ""),
};

const priceColumn = {
  key: "others_points",
  label: "Others' points",
  value: (team: LiveTeam) => team.others_points,
  show: (team: LiveTeam) => points(team.others_points),
};
