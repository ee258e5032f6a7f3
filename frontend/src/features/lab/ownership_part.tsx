import { useQuery } from "@tanstack/react-query";
import type { LabRun, Ownership, SimulationResult } from "@/api/lab.ts";
import { DataTable } from "@/ui/data_table.tsx";
import { Answered } from "./answered.tsx";
import { teamLabel } from "./bracket.ts";
import { points, share } from "./figures.ts";
import { ownershipQuery } from "./queries.ts";
import { useTeams } from "./teams.ts";

type TeamOwners = Ownership["teams"][number];
const NAMED = 3;

/** Who owns which team, and what it is expected to earn them. */
export function OwnershipPart({ run, result }: { run: LabRun; result: SimulationResult }) {
  const ownership = useQuery(ownershipQuery(run.run_id));
  const teams = useTeams(run.lineage.tournament_id);
  const names = new Map(result.leaderboard.map(({ entry_id, display_name }) => [entry_id, display_name]));
  const largest = ({ owners }: TeamOwners) => owners.toSorted((a, b) => b.ownership - a.ownership);
  const named = (team: TeamOwners) =>
    largest(team)
      .slice(0, NAMED)
      .map(({ entry_id, ownership: part }) => `${names.get(entry_id) ?? entry_id} ${share(part)}`)
      .join(", ");
  return (
    <Answered query={ownership} label="Loading who owns which team">
      {(data) => (
        <DataTable<TeamOwners>
          title="Ownership"
          sentence="A team belongs to its bidders in proportion to their bids. The points of a team that nobody bid on go to nobody."
          file={`${run.run_id}-ownership.csv`}
          rows={data.teams}
          rowKey={({ team_id }) => team_id}
          columns={[
            {
              key: "team",
              label: "Team",
              isText: true,
              value: ({ team_id }) => teamLabel(teams.get(team_id), team_id),
            },
            {
              key: "expected_points",
              label: "Points",
              about: "Points it is expected to earn",
              value: ({ expected_points }) => expected_points,
              show: ({ expected_points }) => points(expected_points),
            },
            {
              key: "total_bid_points",
              label: "Bid on it",
              about: "Points bid on it by all",
              value: ({ total_bid_points }) => total_bid_points,
            },
            { key: "owners", label: "Owners", value: ({ owners }) => owners.length },
            {
              key: "largest",
              label: "Largest owners",
              isText: true,
              value: (team) => (team.owners.length === 0 ? "nobody" : named(team)),
              show: (team) => (team.owners.length === 0 ? "Nobody" : named(team)),
            },
          ]}
        />
      )}
    </Answered>
  );
}
