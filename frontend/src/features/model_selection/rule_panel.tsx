import type { RankingDetail } from "@/api/types.ts";
import { measured, metricName, words } from "@/lib/format.ts";
import { Panel } from "@/ui/panel.tsx";

/** Every rule of choosing or combining on the last fold, which none of them knew. */
export function RulePanel({ ranking }: { ranking: RankingDetail }) {
  const rules = ranking.selection_check?.rules ?? [];
  const measure = ranking.combination?.measure ?? "wape";
  if (rules.length === 0) return null;
  return (
    <Panel title="Would combining be better?">
      <table className="w-full text-sm">
        <caption className="text-left text-xs text-ink-3">
          {metricName(measure, ranking.coverage?.series)} on the last fold, chosen without it
        </caption>
        <tbody className="divide-y divide-line">
          {rules.map((each) => (
            <tr key={each.rule}>
              <th scope="row" className="py-1 text-left font-normal">
                {words(each.rule)}
              </th>
              <td className="num py-1 text-right">{measured(measure, each.error)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
