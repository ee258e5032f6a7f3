import type { Comparison } from "@/api/types.ts";
import { percent, quantity, signed, words } from "@/lib/format.ts";
import { ModelName } from "@/ui/model_name.tsx";
import { Badge } from "@/ui/status.tsx";

/** Who won, by which figures, and how sure that is. */
export function Verdict({ comparison }: { comparison: Comparison }) {
  const { winner, business_summary: summary, recommendation_confidence: confidence } = comparison;
  if (!winner) {
    return (
      <section
        className="rounded-lg border border-line bg-warn-wash px-4 py-3 grid gap-1"
        data-testid="verdict"
      >
        <h2 className="font-semibold">No champion is named</h2>
        <p className="text-ink-2">
          {comparison.error_message ?? summary?.headline ?? "No candidate could be ranked."}
        </p>
      </section>
    );
  }
  return (
    <section
      className="bg-surface border border-line rounded-lg px-4 py-4 grid gap-x-6 gap-y-3 lg:grid-cols-[minmax(0,30rem)_minmax(0,1fr)]"
      data-testid="verdict"
    >
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1 lg:col-span-2">
        <span className="eyebrow">Champion</span>
        <h2 className="text-xl font-semibold">
          <ModelName model={winner.model_type} />
        </h2>
        {confidence ? <Badge status={confidence} label={`${words(confidence)} confidence`} /> : null}
      </div>
      <dl className="grid grid-cols-2 sm:grid-cols-4 gap-4 content-start">
        <Figures label="WAPE" value={percent(winner.metrics.wape)} note="of actual volume" />
        <Figures label="sMAPE" value={percent(winner.metrics.smape)} note="0 to 200 %" />
        <Figures label="MAE" value={quantity(winner.metrics.mae)} note="units per step" />
        <Figures label="Bias" value={signed(winner.metrics.bias)} note={biasNote(winner.metrics.bias)} />
      </dl>
      <ul className="text-sm text-ink-2 grid gap-1 content-start lg:border-l lg:border-line lg:pl-6">
        {summary ? <li className="text-ink">{summary.headline}</li> : null}
        {comparison.confidence_reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
        {comparison.notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </section>
  );
}

function Figures({ label, value, note }: { label: string; value: string; note: string }) {
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
  return bias > 0 ? "forecasts too low: stock may run out" : "forecasts too high: stock may be left";
}
