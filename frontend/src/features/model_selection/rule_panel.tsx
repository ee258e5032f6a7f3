import type { RankingDetail } from "@/api/types.ts";
import { percent, words } from "@/lib/format.ts";
import { useModelName } from "@/ui/model_name.tsx";
import { Panel } from "@/ui/panel.tsx";
import { ruleChecks } from "./evidence.ts";

/** Whether choosing one model paid: every rule on the last fold, which none of them knew, and who ties with the champion. */
export function RulePanel({ ranking }: { ranking: RankingDetail }) {
  const nameOf = useModelName();
  const rules = ruleChecks(ranking);
  const [, ...tied] = ranking.tied;
  if (rules.length === 0 && tied.length === 0) return null;
  return (
    <Panel title="Would combining be better?">
      {tied.length > 0 ? (
        <p className="text-sm text-ink-2">
          No clear winner: {tied.map(nameOf).join(", ")} cannot be told from the champion at 5 %.
        </p>
      ) : null}
      {rules.length > 0 ? (
        <table className="mt-2 w-full text-sm">
          <caption className="text-left text-xs text-ink-3">WAPE on the last fold, chosen without it</caption>
          <tbody className="divide-y divide-line">
            {rules.map((each) => (
              <tr key={each.rule}>
                <th scope="row" className="py-1 text-left font-normal">
                  {words(each.rule)}
                </th>
                <td className="num py-1 text-right">{percent(each.wape)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </Panel>
  );
}
