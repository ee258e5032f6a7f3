import clsx from "clsx";
import type { Catalog, CatalogEntry } from "@/api/types.ts";
import { words } from "@/lib/format.ts";
import { useModelName } from "@/ui/model_name.tsx";
import { MAX_MODELS } from "./draft.ts";

/** The models of the catalogue by family, to choose candidates from. */
export function ModelsField(props: {
  catalog: Catalog;
  chosen: readonly string[];
  onChange: (models: string[]) => void;
}) {
  const { catalog, chosen, onChange } = props;
  const families = [...new Set(catalog.models.map((model) => model.family))];
  const toggle = (model: string, isChosen: boolean) =>
    onChange(isChosen ? [...chosen, model] : chosen.filter((each) => each !== model));
  return (
    <fieldset className="grid gap-3 min-w-0">
      <legend className="text-sm font-medium mb-1">
        Models{" "}
        <span className="num font-normal text-ink-3">
          {chosen.length} of {MAX_MODELS} at most
        </span>
      </legend>
      {families.map((family) => (
        <div key={family} className="grid gap-1.5">
          <div className="eyebrow">{words(family)}</div>
          <div className="grid sm:grid-cols-2 lg:grid-cols-3 gap-x-4 gap-y-2">
            {catalog.models
              .filter((model) => model.family === family)
              .map((model) => (
                <ModelChoice
                  key={model.model_type}
                  model={model}
                  isChosen={chosen.includes(model.model_type)}
                  isFull={chosen.length >= MAX_MODELS}
                  onToggle={toggle}
                />
              ))}
          </div>
        </div>
      ))}
    </fieldset>
  );
}

function ModelChoice(props: {
  model: CatalogEntry;
  isChosen: boolean;
  isFull: boolean;
  onToggle: (model: string, isChosen: boolean) => void;
}) {
  const { model, isChosen, isFull, onToggle } = props;
  const nameOf = useModelName();
  const isOff = !model.available || (isFull && !isChosen);
  return (
    <label
      className={clsx("flex gap-2 items-start text-sm min-w-0", isOff ? "text-ink-3" : "cursor-pointer")}
    >
      <input
        type="checkbox"
        className="mt-0.5 size-4 shrink-0 accent-[var(--accent)]"
        checked={isChosen}
        disabled={isOff}
        onChange={(event) => onToggle(model.model_type, event.target.checked)}
      />
      <span className="min-w-0">
        <span className="font-medium" title={model.model_type}>
          {model.label}
        </span>
        <span className="block text-xs text-ink-3 text-pretty">
          {model.available ? model.description : reasonOf(model, nameOf)}
        </span>
      </span>
    </label>
  );
}

/** Why a model is not to be had, as a sentence with the models it speaks of, which it quotes, by their names. */
function reasonOf({ unavailable_reason }: CatalogEntry, nameOf: (model: string) => string): string {
  const reason = (unavailable_reason ?? "not in this version").replace(/`([^`]+)`/g, (_, model) =>
    nameOf(model),
  );
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1).replace(/\.$/, "")}.`;
}
