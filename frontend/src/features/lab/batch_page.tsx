import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Batch } from "@/api/lab.ts";
import { decimal } from "@/lib/format.ts";
import { buttonClass } from "@/ui/button.tsx";
import { DataTable } from "@/ui/data_table.tsx";
import { Stat, StatStrip } from "@/ui/panel.tsx";
import { Badge } from "@/ui/status.tsx";
import { Answered } from "./answered.tsx";
import { countedWithError, payout } from "./figures.ts";
import { LabFrame, type Moment } from "./lab_frame.tsx";
import { batchQuery, calcuttasQuery } from "./queries.ts";

type Result = NonNullable<Batch["result"]>;
type Member = Result["members"][number];

/** The simulations of a cohort: each auction with its highlighted entry. */
export function BatchPage({ runId, seq, onSeq }: Moment & { runId: string }) {
  const batch = useQuery(batchQuery(runId));
  return (
    <Answered query={batch} label="Loading the batch" page="run">
      {(data) => (
        <LabFrame
          item={data.run}
          hasResult={data.result != null}
          seq={seq}
          onSeq={onSeq}
          actions={<CohortLink batch={data} />}
        >
          {data.result ? <Members batch={data} result={data.result} /> : null}
        </LabFrame>
      )}
    </Answered>
  );
}

function CohortLink({ batch }: { batch: Batch }) {
  const { cohort_id } = batch.run.lineage;
  if (!cohort_id) return null;
  return (
    <Link to="/lab/cohorts/$cohortId" params={{ cohortId: cohort_id }} className={buttonClass("plain", "sm")}>
      Cohort
    </Link>
  );
}

function Members({ batch, result }: { batch: Batch; result: Result }) {
  const calcuttas = useQuery(calcuttasQuery());
  const names = new Map(calcuttas.data?.items.map(({ calcutta_id, name }) => [calcutta_id, name]));
  const nameOf = ({ calcutta_id }: Member) => names.get(calcutta_id) ?? calcutta_id;
  return (
    <>
      <StatStrip>
        <Stat label="Stands" value={<Badge status={batch.batch_status} />} />
        <Stat label="Auctions" value={result.members.length} />
        <Stat
          label="Mean payout"
          value={decimal(result.mean_normalized_payout, 4)}
          note="Of the highlighted entries, in first prizes"
        />
        <Stat
          label="Highlighted"
          value={result.members.filter(({ highlighted }) => highlighted).length}
          note="Auctions that highlight an entry and succeeded"
        />
      </StatStrip>
      <DataTable<Member>
        title="Auctions"
        sentence="Each with its simulation and what the highlighted entry came to; ± is the standard error."
        file={`${batch.run.run_id}-batch.csv`}
        rows={result.members}
        rowKey={({ synthetic_calcutta_id }) => synthetic_calcutta_id}
        columns={[
          {
            key: "auction",
            label: "Auction",
            isText: true,
            value: nameOf,
            show: (member) => (
              <Link
                to="/lab/simulations/$runId"
                params={{ runId: member.simulation_run_id }}
                className="text-accent hover:underline font-medium"
              >
                {nameOf(member)}
              </Link>
            ),
          },
          {
            key: "status",
            label: "Simulation",
            isText: true,
            value: ({ status }) => status,
            show: ({ status, error }) => (
              <span title={error?.message}>
                <Badge status={status} />
              </span>
            ),
          },
          {
            key: "highlighted",
            label: "Highlighted",
            isText: true,
            value: ({ highlighted }) => highlighted?.display_name,
          },
          { key: "rank", label: "Rank", value: ({ highlighted }) => highlighted?.rank },
          {
            key: "mean_normalized_payout",
            label: "Mean payout",
            value: ({ highlighted }) => highlighted?.mean_normalized_payout.value,
            show: ({ highlighted }) => (highlighted ? payout(highlighted.mean_normalized_payout) : "–"),
          },
          {
            key: "p_top1",
            label: "First",
            value: ({ highlighted }) => highlighted?.p_top1.value,
            show: ({ highlighted }) => (highlighted ? countedWithError(highlighted.p_top1, null) : "–"),
          },
        ]}
      />
    </>
  );
}
