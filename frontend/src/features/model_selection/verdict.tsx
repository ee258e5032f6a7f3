import type { ReactNode } from "react";
import type { Comparison } from "@/api/types.ts";
import { percent, quantity, signed, words } from "@/lib/format.ts";
import { ModelName, useStatement } from "@/ui/model_name.tsx";
import { Badge } from "@/ui/status.tsx";
import { isJudged } from "./judged.ts";

/** What the server states of the comparison: the sentence, how sure it is and why, and each number with its name. */
export function Verdict({ comparison }: { comparison: Comparison }) {
  const { winner, statement, figures, recommendation_confidence: confidence } = comparison;
  const said = useStatement(comparison.candidate_models.map((each) => each.model_type));
  if (!winner) {
    return (
      <Nobody title="No champion is named">
        <p className="text-ink-2">
          {said(statement ?? comparison.error_message ?? `The comparison is ${words(comparison.status)}.`)}
        </p>
      </Nobody>
    );
  }
  if (!isJudged(comparison.ranking_metric, winner)) {
    // The server's sentence names whom the other metrics put first; by what was asked for, that one leads no more than others.
    const metric = comparison.ranking_metric.toUpperCase();
    return (
      <Nobody title={`None leads by ${metric}`}>
        <p className="text-ink-2">
          {metric} is undefined for every candidate: there is no demand to measure their errors against. The
          order below is that of the other metrics.
        </p>
      </Nobody>
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
        {statement ? <p className="basis-full">{said(statement)}</p> : null}
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
      <div className="min-w-0 lg:border-l lg:border-line lg:pl-6">
        <Reasons texts={[...comparison.confidence_reasons, ...comparison.notes].map(said)} />
      </div>
    </section>
  );
}

/** Instead of a model, why there is none to show. */
function Nobody({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section
      className="rounded-lg border border-line bg-warn-wash px-4 py-3 grid gap-1"
      data-testid="verdict"
      data-verdict="none"
    >
      <h2 className="font-semibold">{title}</h2>
      {children}
    </section>
  );
}

function Reasons({ texts }: { texts: readonly string[] }) {
  return (
    <ul className="text-sm text-ink-2 grid gap-1 content-start">
      {texts.map((text) => (
        <li key={text} className="break-words min-w-0">
          {text}
        </li>
      ))}
    </ul>
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
