import { NumberField, SelectField } from "@/ui/field.tsx";
import { FOLD_FIELDS, type ForecastDraft, GAPS } from "./forecast_draft.ts";

/** Folded: how the past is cut into tests, and what a missing date means, for whoever knows better than a plan. */
export function FoldsPanel({
  draft,
  onDraft,
}: {
  draft: ForecastDraft;
  onDraft: (draft: ForecastDraft) => void;
}) {
  const set = (change: Partial<ForecastDraft["folds"]>) =>
    onDraft({ ...draft, folds: { ...draft.folds, ...change } });
  return (
    <details className="border-t border-line pt-3">
      <summary className="text-sm font-medium cursor-pointer">Advanced: folds and gaps</summary>
      <div className="grid sm:grid-cols-2 lg:grid-cols-3 gap-3 mt-3">
        {FOLD_FIELDS.map(({ name, label, hint, min, max }) => (
          <NumberField
            key={name}
            label={label}
            hint={hint}
            value={draft.folds[name]}
            onChange={(value) => set({ [name]: value })}
            min={min}
            max={max}
            placeholder="auto"
          />
        ))}
        <SelectField
          label="Dates without a value"
          hint="What they mean"
          value={draft.gaps}
          onChange={(gaps) =>
            onDraft({ ...draft, gaps: GAPS.find(({ value }) => value === gaps)?.value ?? "missing" })
          }
          options={GAPS}
        />
      </div>
    </details>
  );
}
