import type { SnapshotContent } from "@/api/lab.ts";
import { count, plural } from "@/lib/format.ts";
import { Facts, Panel } from "@/ui/panel.tsx";
import { money } from "./figures.ts";
import type { WrittenRules } from "./rules_draft.ts";
import { ReplaceRules } from "./rules_form.tsx";

/** What every entry may bid, what steps earn, and what places are paid. */
export function RulesPanels(props: {
  content: SnapshotContent;
  /** Where they can be replaced: what keeps others. */
  save?: (rules: WrittenRules) => Promise<unknown>;
}) {
  const { content, save } = props;
  const { rules, scoring, payouts } = content;
  return (
    <div className="grid gap-5 md:grid-cols-3">
      <Panel title="Rules" aside={save ? <ReplaceRules content={content} save={save} /> : null}>
        <Facts
          facts={[
            ["Budget", plural(rules.budget_points, "point")],
            ["Teams", `${count(rules.min_teams)} to ${count(rules.max_teams)}`],
            ["Bid on a team", `${count(rules.min_bid)} to ${plural(rules.max_bid, "point")}`],
          ]}
        />
      </Panel>
      <Panel title="Points for steps">
        <Facts
          facts={scoring.map(({ win_index, points_awarded }) => [
            `Step ${win_index}`,
            plural(points_awarded, "point"),
          ])}
        />
        <p className="text-xs text-ink-3 mt-2">
          A step is a win or a bye; a team has the sum of all up to its last.
        </p>
      </Panel>
      <Panel title="Payouts">
        <Facts
          facts={payouts.map(({ position, amount_cents }) => [`Place ${position}`, money(amount_cents)])}
        />
        <p className="text-xs text-ink-3 mt-2">
          In hundreds of cents. Places that tie share what they are paid.
        </p>
      </Panel>
    </div>
  );
}
