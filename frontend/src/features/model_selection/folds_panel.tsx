import { NumberField, SelectField } from "@/ui/field.tsx";
import { FOLD_FIELDS, type FoldsDraft, GAPS } from "./folds_draft.ts";

/** Folded: how the past is cut into tests, and what a missing date means, for whoever knows better than a plan. */
export function FoldsPanel({
  draft,
  onChange,
}: {
  draft: FoldsDraft;
  onChange: (change: Partial<FoldsDraft>) => void;
}) {
  const set = (change: Partial<FoldsDraft["folds"]>) => onChange({ folds: { ...draft.folds, ...change } });
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
            onChange({ gaps: GAPS.find(({ value }) => value === gaps)?.value ?? "missing" })
          }
          options={GAPS}
        />
      </div>
    </details>
  );
}
