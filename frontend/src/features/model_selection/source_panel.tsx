import { Segmented } from "@/ui/segmented.tsx";
import type { Draft } from "./draft.ts";
import { FileSource } from "./file_source.tsx";
import type { Inspection } from "./inspection.ts";
import { PairSource } from "./pair_source.tsx";

const SOURCES = [
  { value: "file", label: "File" },
  { value: "pair", label: "Stored store × product" },
] as const;

/** Where the series come from: a file of the user's, or a pair of the generated store. */
export function SourcePanel(props: {
  draft: Draft;
  onDraft: (draft: Draft) => void;
  inspection: Inspection;
}) {
  const { draft, onDraft, inspection } = props;
  return (
    <div className="grid gap-3">
      <Segmented
        label="Source of the series"
        value={draft.source}
        options={SOURCES}
        onChange={(source) => onDraft({ ...draft, source })}
      />
      {draft.source === "file" ? (
        <FileSource draft={draft} onDraft={onDraft} inspection={inspection} />
      ) : (
        <PairSource draft={draft} onDraft={onDraft} />
      )}
    </div>
  );
}
