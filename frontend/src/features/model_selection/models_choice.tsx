import { useQuery } from "@tanstack/react-query";
import { catalogQuery } from "@/api/catalog.ts";
import { plural } from "@/lib/format.ts";
import { Loading } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { Segmented } from "@/ui/segmented.tsx";
import { ModelsField } from "./models_field.tsx";
import { type Preset, presetOf, presetsOf } from "./presets.ts";

const ABOUT: Record<Preset, string> = {
  recommended: "Season, length and demand of the series decide which models are tried.",
  fast: "Every model that takes microseconds a fit.",
  all: "Every model there is; the costly ones take most of the time.",
  own: "Those that are chosen in the list.",
};

/** One click for most: what the data ask for, the fast models, or all. The list is folded, for whoever knows better. */
export function ModelsChoice(props: {
  chosen: string[];
  /** What becomes of those that are chosen, in a sentence. */
  about: string;
  onChange: (models: string[]) => void;
}) {
  const { chosen, about, onChange } = props;
  const catalog = useQuery(catalogQuery);
  if (catalog.error) return <ProblemNote error={catalog.error} />;
  if (!catalog.data) return <Loading label="Loading the models" lines={2} />;
  const presets = presetsOf(catalog.data);
  const preset = presetOf(presets, chosen);
  const options = [
    ...presets.map(({ value, label }) => ({ value, label })),
    ...(preset === "own" ? [OWN] : []),
  ];
  return (
    <div className="grid gap-2 border-t border-line pt-3 min-w-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <span className="text-sm font-medium" aria-hidden>
          Models
        </span>
        <Segmented
          label="Which models"
          value={preset}
          options={options}
          onChange={(value) => {
            const next = presets.find((each) => each.value === value);
            if (next) onChange([...next.models]);
          }}
        />
      </div>
      <p className="text-sm text-ink-2 max-w-[72ch] text-pretty">
        {ABOUT[preset]} {chosen.length > 0 ? about : null}
      </p>
      <details>
        <summary className="text-sm cursor-pointer w-fit">
          Choose from the list{" "}
          <span className="text-ink-2 num">
            {chosen.length === 0 ? "" : `(${plural(chosen.length, "model")} chosen)`}
          </span>
        </summary>
        <div className="mt-3">
          <ModelsField catalog={catalog.data} chosen={chosen} onChange={onChange} />
        </div>
      </details>
    </div>
  );
}

const OWN = { value: "own", label: "Own choice" } as const;
