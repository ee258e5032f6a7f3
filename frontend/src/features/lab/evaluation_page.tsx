import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { EvaluationResult, LabRun } from "@/api/lab.ts";
import { plural } from "@/lib/format.ts";
import { buttonClass } from "@/ui/button.tsx";
import { Answered } from "./answered.tsx";
import { LabFrame, type Moment } from "./lab_frame.tsx";
import { LeaderboardTable } from "./leaderboard.tsx";
import { firstNamed, pairedSentence } from "./paired.ts";
import { evaluationQuery } from "./queries.ts";
import { WhiskerFigure } from "./whisker_figure.tsx";

/** Candidates, each alone against the entries of a simulation, over the same tournaments. */
export function EvaluationPage({ runId, seq, onSeq }: Moment & { runId: string }) {
  const evaluation = useQuery(evaluationQuery(runId));
  return (
    <Answered query={evaluation} label="Loading the evaluation" page="run">
      {({ run, result }) => (
        <LabFrame
          item={run}
          hasResult={result != null}
          seq={seq}
          onSeq={onSeq}
          actions={<SimulationLink run={run} />}
        >
          {result ? <Compared run={run} result={result} /> : null}
        </LabFrame>
      )}
    </Answered>
  );
}

function SimulationLink({ run }: { run: LabRun }) {
  const { simulation_run_id } = run.lineage;
  if (!simulation_run_id) return null;
  return (
    <Link
      to="/lab/simulations/$runId"
      params={{ runId: simulation_run_id }}
      className={buttonClass("plain", "sm")}
    >
      Simulation
    </Link>
  );
}

function Compared({ run, result }: { run: LabRun; result: EvaluationResult }) {
  const { candidates, total_simulations } = result;
  return (
    <>
      <WhiskerFigure
        title="Candidates compared"
        sentence={`Mean payout over the first prize in ${plural(total_simulations, "simulation")}, with its 95 % interval, when the candidate alone joins.`}
        file={`${run.run_id}-candidates-figure.csv`}
        axis="Mean payout (first prizes)"
        rows={candidates.map(({ candidate_id, row }) => ({
          id: candidate_id,
          label: row.display_name,
          estimate: row.mean_normalized_payout,
          isMarked: true,
        }))}
      />
      {candidates.length > 1 ? <Paired run={run} candidates={candidates} /> : null}
      <LeaderboardTable
        title="Candidates"
        sentence="The best mean payout first. The rank is the candidate's among all entries of the auction, itself included; ± is the standard error."
        file={`${run.run_id}-candidates.csv`}
        rows={candidates.map(({ row }) => row)}
        simulations={total_simulations}
        chosen={null}
      />
    </>
  );
}

/** The difference of two candidates is surer than either: they meet the same tournaments. */
function Paired({ run, candidates }: { run: LabRun; candidates: EvaluationResult["candidates"] }) {
  const first = firstNamed(candidates);
  return (
    <WhiskerFigure
      title="Compared tournament by tournament"
      sentence={pairedSentence(candidates)}
      file={`${run.run_id}-candidates-paired.csv`}
      axis="Difference of mean payouts (first prizes)"
      isSigned
      rows={candidates.map((each) => ({
        id: each.candidate_id,
        label: each.row.display_name,
        estimate: each.difference_to_first,
        isMarked: each !== first,
      }))}
    />
  );
}
