import type { ReactNode } from "react";
import type { Comparison } from "@/api/types.ts";
import { stepsOf } from "@/lib/calendar.ts";
import { figure, measured, metricName, percent, signed, words } from "@/lib/format.ts";
import { ModelName, useStatement } from "@/ui/model_name.tsx";
import { Badge } from "@/ui/status.tsx";
import { leads } from "./leads.ts";

/**
 * What the server states of the comparison: the sentence, how sure it is and why, and each number with its name. Nothing is
 * judged here.
 */
export function Verdict({ comparison }: { comparison: Comparison }) {
  const { winner, statement, figures, recommendation_confidence: confidence } = comparison;
  const said = useStatement(comparison.candidate_models.map((each) => each.model_type));
  if (!winner || !leads(comparison.verdict)) {
    const title = winner ? "None leads" : "No champion is named";
    return (
      <Nobody title={title}>
        <p className="text-ink-2" data-testid="statement">
          {said(statement ?? comparison.error_message ?? `The comparison is ${words(comparison.status)}.`)}
        </p>
      </Nobody>
    );
  }
  const [first] = figures;
  const texts = [
    ...comparison.confidence_reasons,
    ...(comparison.bias ? [comparison.bias] : []),
    ...comparison.notes,
  ];
  const { metrics } = winner;
  const series = comparison.coverage?.series ?? 1;
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
        {statement ? (
          <p className="basis-full" data-testid="statement">
            {said(statement)}
          </p>
        ) : null}
      </div>
      <div className="grid gap-4 content-start">
        <dl className="grid grid-cols-2 sm:grid-cols-4 gap-4 content-start">
          <Metric label="Relative MAE" value={figure(metrics.rel_mae)} note="1 is Seasonal naive" />
          <Metric
            label={series > 1 ? "Pooled WAPE" : "WAPE"}
            value={percent(metrics.wape)}
            note={series > 1 ? "all errors over all volume" : "of actual volume"}
          />
          <Metric
            label="MASE"
            value={figure(metrics.mase)}
            note={scaleNote(metrics.scale_rows, comparison.frequency)}
          />
          <Metric label="Bias" value={signed(metrics.bias)} note="actual minus forecast" />
        </dl>
        <Figures figures={figures} series={series} />
      </div>
      <div className="min-w-0 grid gap-3 content-start lg:border-l lg:border-line lg:pl-6">
        <Warnings texts={comparison.warnings.map(said)} />
        <Reasons texts={texts.map(said)} />
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

/** What a reader must know of the numbers. */
function Warnings({ texts }: { texts: readonly string[] }) {
  if (texts.length === 0) return null;
  return (
    <ul aria-label="Warnings" className="text-sm rounded-md bg-warn-wash px-3 py-2 grid gap-1">
      {texts.map((text) => (
        <li key={text} className="break-words min-w-0">
          {text}
        </li>
      ))}
    </ul>
  );
}

/** One number for each name, with what it was measured on. */
function Figures({ figures, series }: { figures: Comparison["figures"]; series: number }) {
  const [first] = figures;
  if (!first) return null;
  return (
    <table className="w-full text-sm">
      <caption className="text-left text-xs text-ink-3">
        By name, the {metricName(first.measure, series)} and what it was measured on
      </caption>
      <tbody className="divide-y divide-line">
        {figures.map((each) => (
          <tr key={each.name}>
            <th scope="row" className="py-1 text-left font-normal">
              {each.label}
              {each.model ? (
                <>
                  {": "}
                  <ModelName model={each.model} />
                </>
              ) : null}
              <span className="block text-xs text-ink-3">{each.measured_on}</span>
            </th>
            <td className="num py-1 text-right align-top whitespace-nowrap">
              {measured(each.measure, each.error)}
            </td>
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

function scaleNote(rows: number | null | undefined, frequency: string | null | undefined): string {
  if (rows == null) return "by each one's season";
  return rows === 1 ? "1 is the value before" : `1 is ${stepsOf(rows, frequency ?? "")} before`;
}
