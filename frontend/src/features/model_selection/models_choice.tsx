import { useQuery } from "@tanstack/react-query";
import { catalogQuery } from "@/api/catalog.ts";
import { Button } from "@/ui/button.tsx";
import { Loading } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { ModelsField } from "./models_field.tsx";

/** Folded where most leave it alone: whoever chooses nothing gets what the data ask for. */
export function ModelsChoice(props: {
  chosen: string[];
  /** What becomes of those that are chosen, in a sentence. */
  about: string;
  isOpen?: boolean;
  onChange: (models: string[]) => void;
}) {
  const { chosen, about, isOpen = false, onChange } = props;
  const catalog = useQuery(catalogQuery);
  return (
    <details className="border-t border-line pt-3" open={isOpen}>
      <summary className="text-sm cursor-pointer">
        <span className="font-medium">Models:</span>{" "}
        <span className="text-ink-2 num">
          {chosen.length === 0 ? "what the data ask for" : `${chosen.length} chosen`}
        </span>
      </summary>
      <div className="grid gap-3 mt-3">
        <p className="text-sm text-ink-2 max-w-[72ch] text-pretty">
          With none chosen, season, length and demand of the series decide which are tried. {about}
        </p>
        {chosen.length > 0 ? (
          <div>
            <Button size="sm" onClick={() => onChange([])}>
              Choose none
            </Button>
          </div>
        ) : null}
        {catalog.error ? <ProblemNote error={catalog.error} /> : null}
        {catalog.isPending ? <Loading label="Loading the models" /> : null}
        {catalog.data ? <ModelsField catalog={catalog.data} chosen={chosen} onChange={onChange} /> : null}
      </div>
    </details>
  );
}
