import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Snapshot } from "@/api/lab.ts";
import { plural } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { Loading, Panel } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { importCandidates } from "./actions.ts";
import { DropZone, type PickedFile, sent } from "./files.tsx";
import { IntakeReportView } from "./intake_report.tsx";
import { bidSheetQuery } from "./queries.ts";

/** Bids from elsewhere: a sheet of entries, teams and points becomes candidates, all of them or none. */
export function BidSheetPanel({ snapshot }: { snapshot: Snapshot }) {
  const [file, setFile] = useState<PickedFile | null>(null);
  const queries = useQueryClient();
  const [part] = file ? sent([file]) : [];
  const sheet = part ? { snapshot_id: snapshot.snapshot_id, file: part } : null;
  const inspection = useQuery(bidSheetQuery(sheet));
  const keep = useMutation({
    mutationFn: importCandidates,
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["lab", "candidates"] }),
  });
  const read = inspection.data;
  const isGood = read !== undefined && read.problems.length + read.questions.length === 0;
  return (
    <Panel title="Bids from a file">
      <div className="grid gap-3 text-sm">
        <DropZone
          isMultiple={false}
          label={file ? file.name : "A row for each bid: entry, team, points"}
          onFiles={([next]) => {
            keep.reset();
            setFile(next ?? null);
          }}
        />
        {inspection.error ? <ProblemNote error={inspection.error} /> : null}
        {file && inspection.isPending && !inspection.error ? <Loading label="Reading the file" /> : null}
        {read && !isGood ? <IntakeReportView report={read} /> : null}
        {read && isGood ? (
          <ul className="grid gap-1">
            {read.candidates.map(({ display_name, bids, total_bid_points }) => (
              <li key={display_name}>
                <span className="font-medium">{display_name}</span>: {plural(total_bid_points, "point")} on{" "}
                {plural(bids.length, "team")}
              </li>
            ))}
          </ul>
        ) : null}
        {keep.error ? <ProblemNote error={keep.error} /> : null}
        {keep.data ? (
          <p role="status">
            Kept:{" "}
            {keep.data.candidates.map(({ candidate_id, display_name }) => (
              <Link
                key={candidate_id}
                to="/lab/candidates/$candidateId"
                params={{ candidateId: candidate_id }}
                className="text-accent hover:underline mr-2"
              >
                {display_name}
              </Link>
            ))}
          </p>
        ) : read && sheet && isGood ? (
          <div>
            <Button kind="primary" disabled={keep.isPending} onClick={() => keep.mutate(sheet)}>
              Keep {plural(read.candidates.length, "candidate")}
            </Button>
          </div>
        ) : null}
      </div>
    </Panel>
  );
}
