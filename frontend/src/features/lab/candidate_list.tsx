import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Candidate } from "@/api/lab.ts";
import { words } from "@/lib/format.ts";
import { DataTable } from "@/ui/data_table.tsx";
import { Answered } from "./answered.tsx";
import { candidatesQuery } from "./queries.ts";

/** Bids that may join an auction. */
export function CandidateList({ tournamentId }: { tournamentId?: string }) {
  const candidates = useQuery(candidatesQuery(tournamentId));
  return (
    <Answered query={candidates} label="Loading candidates">
      {({ items }) => (
        <DataTable<Candidate>
          title="Candidates"
          sentence={
            items.length === 0
              ? "None yet. The bids of a strategy become one on its page."
              : "Bids that may join an auction. They never change; each leads to where it comes from."
          }
          file="candidates.csv"
          rows={items}
          rowKey={({ candidate_id }) => candidate_id}
          columns={[
            {
              key: "candidate",
              label: "Candidate",
              isText: true,
              value: ({ display_name }) => display_name,
              show: ({ candidate_id, display_name }) => (
                <Link
                  to="/lab/candidates/$candidateId"
                  params={{ candidateId: candidate_id }}
                  className="text-accent hover:underline font-medium"
                >
                  {display_name}
                </Link>
              ),
            },
            {
              key: "source",
              label: "From",
              isText: true,
              value: ({ source_kind }) => source_kind,
              show: ({ source_kind }) => words(source_kind),
            },
            { key: "teams", label: "Teams", value: ({ bids }) => bids.length },
            {
              key: "bid_points",
              label: "Points bid",
              value: ({ bids }) => bids.reduce((sum, { bid_points }) => sum + bid_points, 0),
            },
          ]}
        />
      )}
    </Answered>
  );
}
