import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Bid, Candidate, ChangeCandidate, Team } from "@/api/lab.ts";
import { plural, words } from "@/lib/format.ts";
import { buttonClass } from "@/ui/button.tsx";
import { DataTable } from "@/ui/data_table.tsx";
import { changeCandidate } from "./actions.ts";
import { Answered } from "./answered.tsx";
import { teamLabel } from "./bracket.ts";
import { EditButton } from "./edit_button.tsx";
import { PageHeader } from "./page_header.tsx";
import { candidateQuery } from "./queries.ts";
import { useTeams } from "./teams.ts";

/** One candidate: its bids, and where they come from. */
export function CandidatePage({ candidateId }: { candidateId: string }) {
  const candidate = useQuery(candidateQuery(candidateId));
  return (
    <Answered query={candidate} label="Loading the candidate" page="candidate">
      {(data) => <Shown candidate={data} />}
    </Answered>
  );
}

function Shown({ candidate }: { candidate: Candidate }) {
  const { display_name, source_kind, tournament_id, strategy_generation_run_id, bids } = candidate;
  const teams = useTeams(tournament_id);
  const look = buttonClass("plain", "sm");
  return (
    <div className="grid gap-5">
      <PageHeader
        title={display_name}
        sentence={`${words(source_kind)} bids on ${plural(bids.length, "team")}. They never change; the name may.`}
        aside={
          <>
            <RenameCandidate candidate={candidate} />
            {strategy_generation_run_id ? (
              <Link
                to="/lab/strategies/$runId"
                params={{ runId: strategy_generation_run_id }}
                className={look}
              >
                Bid sheet of its strategy
              </Link>
            ) : null}
            <Link
              to="/lab/tournaments/$tournamentId"
              params={{ tournamentId: tournament_id }}
              className={look}
            >
              Tournament
            </Link>
          </>
        }
      />
      <BidsTable title="Bids" file={`candidate-${candidate.candidate_id}.csv`} bids={bids} teams={teams} />
    </div>
  );
}

/** Its bids are what it is; only what people call it may change. */
function RenameCandidate({ candidate }: { candidate: Candidate }) {
  const { candidate_id, version, display_name } = candidate;
  const queries = useQueryClient();
  const { queryKey } = candidateQuery(candidate_id);
  return (
    <EditButton<ChangeCandidate>
      title="Rename the candidate"
      version={version}
      fields={[
        {
          key: "display_name",
          label: "Name",
          hint: "For people; names need not differ, and runs keep the one they were made with",
          kind: "text",
          value: display_name,
          maxLength: 100,
          isRequired: true,
          put: (display_name) => ({ display_name }),
        },
      ]}
      save={async (base, change) => {
        queries.setQueryData(queryKey, await changeCandidate(candidate_id, base, change));
        void queries.invalidateQueries({ queryKey: ["lab", "candidates"] });
      }}
      onStale={() => void queries.invalidateQueries({ queryKey })}
    />
  );
}

/** Bids of one entry or candidate. */
export function BidsTable(props: {
  title: string;
  file: string;
  bids: readonly Bid[];
  teams: ReadonlyMap<string, Team>;
}) {
  const { title, file, bids, teams } = props;
  const spent = bids.reduce((sum, { bid_points }) => sum + bid_points, 0);
  return (
    <DataTable<Bid>
      title={title}
      sentence={`${plural(spent, "point")} on ${plural(bids.length, "team")}, in the order of the field.`}
      file={file}
      rows={bids}
      rowKey={({ team_id }) => team_id}
      total={["Total", null, spent]}
      columns={[
        {
          key: "team",
          label: "Team",
          isText: true,
          value: ({ team_id }) => teamLabel(teams.get(team_id), team_id),
        },
        { key: "region", label: "Region", isText: true, value: ({ team_id }) => teams.get(team_id)?.region },
        { key: "bid_points", label: "Points bid", value: ({ bid_points }) => bid_points },
      ]}
    />
  );
}
