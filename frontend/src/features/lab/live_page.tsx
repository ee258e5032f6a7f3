import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { useEffect, useState } from "react";
import type { LiveAuction } from "@/api/lab.ts";
import { announce } from "@/lib/announce.ts";
import { count, decimal, plural } from "@/lib/format.ts";
import { Button, buttonClass } from "@/ui/button.tsx";
import { Empty, Panel, Stat, StatStrip } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { Segmented } from "@/ui/segmented.tsx";
import { Answered } from "./answered.tsx";
import { points } from "./figures.ts";
import { followDraft, keepDraft, keptDraft, type LiveDraft } from "./live_draft.ts";
import { LiveEntry } from "./live_entry.tsx";
import { LiveTables } from "./live_tables.tsx";
import { PageHeader } from "./page_header.tsx";
import { liveQuery, type ReturnsOf } from "./queries.ts";

/** An auction while it goes on: teams are typed as they fall, and everything else is worked out anew. */
export function LivePage({ of }: { of: ReturnsOf | null }) {
  return (
    <div className="grid gap-5">
      <PageHeader
        title="Live auction"
        sentence="Type what each team falls for. What the rest will cost, what is left of your budget and the best bids with it are worked out at once. This browser keeps what you typed."
        aside={of ? <Upstream of={of} /> : null}
      />
      {of ? <Auction key={JSON.stringify(of)} of={of} /> : <NotNamed />}
    </div>
  );
}

function Upstream({ of }: { of: ReturnsOf }) {
  const search = { snapshot: of.snapshot_id, games: of.game_outcome_run_id, market: of.market_share_run_id };
  return (
    <Link to="/lab/returns" search={search} className={buttonClass("plain", "sm")}>
      Worth against price
    </Link>
  );
}

function NotNamed() {
  return (
    <Panel>
      <Empty
        title="Two runs are to be named"
        action={
          <Link to="/lab" className={buttonClass("primary")}>
            Open the lab
          </Link>
        }
      >
        Open an auction, choose there who beats whom and what others bid, and begin it from the page of worth
        against price.
      </Empty>
    </Panel>
  );
}

const SPENDING = [
  { value: "budgets", label: "All they have" },
  { value: "pace", label: "As until now" },
] as const;

function Auction({ of }: { of: ReturnsOf }) {
  const [draft, setDraft] = useState(() => keptDraft(of));
  // Another tab of the same auction may type as well.
  useEffect(() => followDraft(of, setDraft), [of]);
  const queries = useQueryClient();
  const live = useQuery(liveQuery({ ...of, ...draft }));
  const change = (next: LiveDraft) => {
    setDraft(next);
    keepDraft(of, next);
  };
  // What cannot be is refused before it is kept.
  const sell = useMutation({
    mutationFn: (next: LiveDraft) => queries.fetchQuery(liveQuery({ ...of, ...next })),
    onSuccess: (_, next) => change(next),
  });
  const { sold } = draft;
  const problem = live.error ? (
    <ProblemNote
      error={live.error}
      action={
        <Button size="sm" onClick={() => change({ ...draft, sold: sold.slice(0, -1) })}>
          Take the last one back
        </Button>
      }
    />
  ) : null;
  if (problem && !live.data && sold.length > 0) return problem;
  return (
    <Answered query={live} label="Working it out">
      {(auction) => (
        <div className="grid gap-5">
          <LiveEntry
            teams={auction.teams.filter(({ team_id }) => !sold.some((each) => each.team_id === team_id))}
            left={auction.own_left_points}
            onSold={async (team, name) => {
              const isKept = await sell.mutateAsync({ ...draft, sold: [...sold, team] }).then(
                () => true,
                () => false,
              );
              if (isKept) {
                announce(
                  `${name}: ${plural(team.others_points, "point")} of others, ${team.own_points} of yours`,
                );
              }
              return isKept;
            }}
            onUndo={sold.length > 0 ? () => change({ ...draft, sold: sold.slice(0, -1) }) : null}
          />
          {sell.error ? <ProblemNote error={sell.error} /> : problem}
          <div className={clsx("grid gap-5", live.isPlaceholderData && "opacity-60")}>
            <Standing auction={auction} />
            <div className="flex flex-wrap items-center gap-3 text-sm">
              <span className="text-ink-2">Others will spend</span>
              <Segmented
                label="What others will spend"
                value={draft.spending}
                options={SPENDING}
                onChange={(spending) => change({ ...draft, spending })}
              />
              {sold.length > 0 ? (
                <Button size="sm" kind="quiet" onClick={() => change({ ...draft, sold: [] })}>
                  Begin again
                </Button>
              ) : null}
            </div>
            <LiveTables
              auction={auction}
              sold={sold}
              file={`live-${of.snapshot_id}`}
              onTakeBack={(teamId) =>
                change({ ...draft, sold: sold.filter(({ team_id }) => team_id !== teamId) })
              }
            />
          </div>
        </div>
      )}
    </Answered>
  );
}

function Standing({ auction }: { auction: LiveAuction }) {
  const { sold_points, projected_pot_points, pool_points, pace, plan, left_on_the_table_points } = auction;
  return (
    <>
      <StatStrip>
        <Stat
          label="Pot of others"
          value={points(projected_pot_points)}
          note={`Projected, of ${plural(pool_points, "point")}; ${count(sold_points)} have fallen`}
        />
        <Stat
          label="Pace"
          value={pace == null ? "–" : `${decimal(100 * pace, 0)} %`}
          note={pace == null ? "Nothing has fallen yet" : paceText(pace)}
        />
        <Stat
          label="Left to you"
          value={count(auction.own_left_points)}
          note={`Of ${plural(auction.own_budget_points, "point")}; ${count(auction.own_spent_points)} are spent`}
        />
        <Stat
          label="You come to"
          value={points(auction.own_expected_points + (plan?.expected_points ?? 0))}
          note={`Expected points: ${points(auction.own_expected_points)} are yours, ${points(plan?.expected_points ?? 0)} by the plan`}
        />
      </StatStrip>
      <p className="text-sm text-ink-2 text-pretty">
        Teams that have not fallen are worth {points(auction.unsold_expected_points)} points.
        {left_on_the_table_points == null
          ? ""
          : ` Had all prices been known before, ${points(left_on_the_table_points)} more would have been possible.`}{" "}
        {auction.no_plan_reason ? <strong className="text-warn">{auction.no_plan_reason}</strong> : null}
      </p>
    </>
  );
}

function paceText(pace: number): string {
  const percent = decimal(100 * Math.abs(pace - 1), 0);
  return pace >= 1 ? `Dearer than predicted by ${percent} %` : `Cheaper than predicted by ${percent} %`;
}
