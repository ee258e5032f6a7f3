import type { Catalog } from "@/api/types.ts";
import { CheckField } from "@/ui/field.tsx";
import type { Draft } from "./draft.ts";

/** Racing: what it does, and which of the chosen models it could stop. */
export function RacingField(props: {
  catalog: Catalog;
  models: readonly string[];
  draft: Draft;
  onDraft: (draft: Draft) => void;
}) {
  const { catalog, models, draft, onDraft } = props;
  const costly = catalog.models.filter((model) => model.costly && models.includes(model.model_type));
  const names = costly.map((model) => model.label).join(", ");
  return (
    <CheckField
      label="Racing: drop costly models early"
      hint={
        <>
          A costly model first runs on a tenth of the series. If tests over all of them together show that it
          is worse there than the best other model, it does not run on the rest, and the result says which
          model that was and why. It takes 16 series or more.{" "}
          {names
            ? `Costly and chosen: ${names}.`
            : models.length > 0
              ? "None of the chosen models is costly."
              : "Of the models that the data ask for, ARIMA is costly."}
        </>
      }
      isChecked={draft.isRacing}
      onChange={(isRacing) => onDraft({ ...draft, isRacing })}
    />
  );
}
