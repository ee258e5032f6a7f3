import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Estimate, ModelStanding } from "@/api/lab.ts";
import { decimal, plural } from "@/lib/format.ts";
import { buttonClass } from "@/ui/button.tsx";
import { DataTable } from "@/ui/data_table.tsx";
import { Empty, Panel } from "@/ui/panel.tsx";
import { Badge } from "@/ui/status.tsx";
import { Answered } from "./answered.tsx";
import { countedWithError, payout } from "./figures.ts";
import { useModelNames } from "./model_names.ts";
import { PageHeader } from "./page_header.tsx";
import { modelLeaderboardQuery } from "./queries.ts";
import { WhiskerFigure } from "./whisker_figure.tsx";

const keyOf = (row: ModelStanding) =>
  `${row.game_outcome_model}/${row.market_share_model}/${row.optimizer_key}`;

/** Models by the names people know: what others bid, on who beats whom. */
function useStandingName() {
  const name = useModelNames();
  return ({ game_outcome_model, market_share_model }: ModelStanding) =>
    `${name(market_share_model)} on ${name(game_outcome_model)}`;
}

/** Models compared over the auctions on which their bids were judged, against the naive ones. */
export function ModelsPage() {
  const board = useQuery(modelLeaderboardQuery);
  return (
    <div className="grid gap-5">
      <PageHeader
        title="Models compared"
        sentence="Whose bids come to more, over all auctions on which they were judged? Each against the naive model on the same auctions; within 0.05 of a first prize they are called similar."
        aside={
          <Link to="/lab/coverage" className={buttonClass("plain", "sm")}>
            Coverage
          </Link>
        }
      />
      <Answered query={board} label="Comparing the models">
        {({ models, runs_read, is_cut }) =>
          models.length === 0 ? (
            <Nothing />
          ) : (
            <>
              <Differences rows={models} />
              <Standings rows={models} />
              <p className="text-sm text-ink-3">
                Read from {plural(runs_read, "run")}
                {is_cut ? "; there are more, older ones that were left out" : ""}.
              </p>
            </>
          )
        }
      </Answered>
    </div>
  );
}

function Nothing() {
  return (
    <Panel>
      <Empty
        title="No model's bids have been judged yet"
        action={
          <Link to="/lab/coverage" className={buttonClass("primary")}>
            See what is missing
          </Link>
        }
      >
        Keep the bids of a strategy as a candidate and compare it on the page of a simulation: then its models
        stand here.
      </Empty>
    </Panel>
  );
}

function Differences({ rows }: { rows: readonly ModelStanding[] }) {
  const nameOf = useStandingName();
  const known = rows.flatMap((row) => {
    const estimate = row.difference_to_baseline;
    return estimate
      ? [{ id: keyOf(row), label: nameOf(row), estimate, isMarked: row.verdict === "better" }]
      : [];
  });
  if (known.length === 0) return null;
  return (
    <WhiskerFigure
      title="Against the naive model"
      sentence="How much more of a first prize the bids come to than those of the naive model on the same auctions, with the 95 % interval."
      file="models-difference.csv"
      axis="Difference (first prizes)"
      isSigned
      rows={known}
    />
  );
}

const VERDICTS: Record<ModelStanding["verdict"], [string, string]> = {
  baseline: ["idle", "Baseline"],
  similar: ["idle", "Similar"],
  better: ["pass", "Better"],
  worse: ["fail", "Worse"],
  unknown: ["idle", "Not compared"],
};

function Standings({ rows }: { rows: readonly ModelStanding[] }) {
  const nameOf = useStandingName();
  const estimate = (
    key: string,
    label: string,
    of: (row: ModelStanding) => Estimate,
    isWideOnly: boolean,
  ) => ({
    key,
    label,
    isWideOnly,
    value: (row: ModelStanding) => of(row).value,
    show: (row: ModelStanding) => payout(of(row)),
  });
  return (
    <DataTable<ModelStanding>
      title="Standings"
      sentence="± is the standard error over auctions; of one auction it is that of its simulation. Percentile: 100 is the best entry of every auction."
      file="models.csv"
      rows={rows}
      rowKey={keyOf}
      isChosen={({ verdict }) => verdict === "baseline"}
      columns={[
        { key: "model", label: "Models", isText: true, value: nameOf },
        {
          key: "verdict",
          label: "Against naive",
          isText: true,
          value: ({ verdict }) => verdict,
          show: ({ verdict }) => <Badge status={VERDICTS[verdict][0]} label={VERDICTS[verdict][1]} />,
        },
        { key: "calcuttas", label: "Auctions", value: ({ calcuttas }) => calcuttas },
        estimate("mean_normalized_payout", "Mean payout", (row) => row.mean_normalized_payout, false),
        {
          key: "percentile",
          label: "Percentile",
          value: ({ percentile }) => 100 * percentile.value,
          show: ({ percentile }) =>
            `${decimal(100 * percentile.value, 0)} ± ${decimal(100 * percentile.standard_error, 0)}`,
        },
        {
          key: "p_top1",
          label: "First",
          isWideOnly: true,
          value: ({ p_top1 }) => p_top1.value,
          show: ({ p_top1 }) => countedWithError(p_top1, null),
        },
        {
          key: "p_in_money",
          label: "In the money",
          isWideOnly: true,
          value: ({ p_in_money }) => p_in_money.value,
          show: ({ p_in_money }) => countedWithError(p_in_money, null),
        },
        {
          key: "compared",
          label: "Compared on",
          about: "Auctions on which both it and the naive model were judged",
          isWideOnly: true,
          value: ({ compared }) => compared,
        },
      ]}
    />
  );
}
