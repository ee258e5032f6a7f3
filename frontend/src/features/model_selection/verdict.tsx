import type { Comparison } from "@/api/types.ts";
import { percent, quantity, signed, words } from "@/lib/format.ts";
import { ModelName } from "@/ui/model_name.tsx";
import { Badge } from "@/ui/status.tsx";

/** What the server states of the comparison: the sentence, how sure it is and why, and each number with its name. */
export function Verdict({ comparison }: { comparison: Comparison }) {
  const { winner, statement, figures, recommendation_confidence: confidence } = comparison;
  if (!winner) {
    return (
      <section
        className="rounded-lg border border-line bg-warn-wash px-4 py-3 grid gap-1"
        data-testid="verdict"
      >
        <h2 className="font-semibold">No champion is named</h2>
        <p className="text-ink-2">
          {statement ?? comparison.error_message ?? `The comparison is ${words(comparison.status)}.`}
        </p>
      </section>
    );
  }
  const [first] = figures;
  return (
    <section
      className="bg-surface border border-line rounded-lg px-4 py-4 grid gap-x-6 gap-y-3 lg:grid-cols-[minmax(0,30rem)_minmax(0,1fr)]"
      data-testid="verdict"
      data-verdict={comparison.verdict}
    >
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1 lg:col-span-2">
        {first ? <span className="eyebrow">{first.label}</span> : null}
        <h2 className="text-xl font-semibold">
          <ModelName model={winner.model_type} />
        </h2>
        {confidence ? <Badge status={confidence} label={`${words(confidence)} confidence`} /> : null}
        <p className="basis-full">{statement}</p>
      </div>
      <div className="grid gap-4 content-start">
        <dl className="grid grid-cols-2 sm:grid-cols-4 gap-4 content-start">
          <Metric label="WAPE" value={percent(winner.metrics.wape)} note="of actual volume" />
          <Metric label="sMAPE" value={percent(winner.metrics.smape)} note="0 to 200 %" />
          <Metric label="MAE" value={quantity(winner.metrics.mae)} note="units per step" />
          <Metric label="Bias" value={signed(winner.metrics.bias)} note={biasNote(winner.metrics.bias)} />
        </dl>
        <Figures figures={figures} />
      </div>
      <ul className="text-sm text-ink-2 grid gap-1 content-start lg:border-l lg:border-line lg:pl-6">
        {[...comparison.confidence_reasons, ...comparison.notes].map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </section>
  );
}

/** One number for each name, with what it was measured on. */
function Figures({ figures }: { figures: Comparison["figures"] }) {
  return (
    <table className="w-full text-sm">
      <caption className="text-left text-xs text-ink-3">WAPE by name, and what it was measured on</caption>
      <tbody className="divide-y divide-line">
        {figures.map((figure) => (
          <tr key={figure.name}>
            <th scope="row" className="py-1 text-left font-normal">
              {figure.label}
              {figure.model ? (
                <>
                  {": "}
                  <ModelName model={figure.model} />
                </>
              ) : null}
              <span className="block text-xs text-ink-3">{figure.measured_on}</span>
            </th>
            <td className="num py-1 text-right align-top whitespace-nowrap">{percent(figure.wape)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Metric({ label, value, note }: { label: string; value: string; note: string }) {
  return (
    <div>
      <dt className="eyebrow">{label}</dt>
      <dd className="num text-lg font-medium">{value}</dd>
      <dd className="text-xs text-ink-3">{note}</dd>
    </div>
  );
}

function biasNote(bias: number | null | undefined): string {
  if (bias === null || bias === undefined || Math.abs(bias) < 0.005) return "neither over nor under";
  return bias > 0 ? "forecasts too low" : "forecasts too high";
}
