import type { Catalog } from "@/api/types.ts";
import { words } from "@/lib/format.ts";
import { CheckField, SelectField } from "@/ui/field.tsx";
import type { Draft } from "./draft.ts";

const VERSIONS = [
  { value: "1", label: "1: lags, calendar, price" },
  { value: "2", label: "2: groups to choose from" },
];

/** What the feature-aware models among the candidates learn from; nothing if there is none. */
export function FeatureSetPanel(props: {
  catalog: Catalog;
  models: readonly string[];
  draft: Draft;
  onDraft: (draft: Draft) => void;
}) {
  const { catalog, models, draft, onDraft } = props;
  const readers = catalog.models.filter((model) => model.feature_aware && models.includes(model.model_type));
  if (readers.length === 0) return null;
  const toggle = (group: string, isChosen: boolean) =>
    onDraft({
      ...draft,
      groups: isChosen ? [...draft.groups, group] : draft.groups.filter((each) => each !== group),
    });
  return (
    <details className="border-t border-line pt-3">
      <summary className="text-sm font-medium cursor-pointer">Advanced: features</summary>
      <div className="grid gap-3 mt-3">
        <div className="max-w-xs">
          <SelectField
            label="Feature set"
            hint={`Read by ${readers.map((model) => model.label).join(", ")}`}
            value={String(draft.featureSet)}
            onChange={(set) => onDraft({ ...draft, featureSet: set === "2" ? 2 : 1 })}
            options={VERSIONS}
          />
        </div>
        {draft.featureSet === 2 ? (
          <fieldset className="grid gap-2 min-w-0">
            <legend className="text-sm font-medium mb-1">
              Groups <span className="font-normal text-ink-3">none chosen: the usual ones</span>
            </legend>
            <div className="grid sm:grid-cols-2 lg:grid-cols-3 gap-x-4 gap-y-2">
              {groupsOf(catalog).map((group) => (
                <CheckField
                  key={group}
                  label={words(group)}
                  isChecked={draft.groups.includes(group)}
                  onChange={(isChosen) => toggle(group, isChosen)}
                />
              ))}
            </div>
          </fieldset>
        ) : null}
      </div>
    </details>
  );
}

/** The groups of set 2, as the catalogue lists them for the models that take them. */
function groupsOf(catalog: Catalog): string[] {
  const parameters = catalog.models.flatMap((model) => model.parameters);
  const groups = parameters.find((each) => each.name === "feature_groups");
  return groups?.type === "words" ? groups.options : [];
}
