import { fieldMessage } from "@/api/problem.ts";
import { DateField, SelectField } from "@/ui/field.tsx";
import { type FileDraft, FREQUENCIES } from "./draft.ts";

const OPTIONS = [{ value: "", label: "As the dates say" }, ...FREQUENCIES];

/** What a Parquet or Arrow file may leave unsaid of its calendar. */
export function ReadingFields<D extends FileDraft>(props: {
  draft: D;
  onDraft: (draft: D) => void;
  /** Why the server refused the file. */
  refusal: unknown;
}) {
  const { draft, onDraft, refusal } = props;
  return (
    <fieldset className="grid sm:grid-cols-2 gap-3 min-w-0">
      <legend className="text-sm text-ink-2 mb-2">
        A file with a date in every row needs neither of these. Lists of values need a frequency, and a first
        date unless a column has it.
      </legend>
      <SelectField
        label="Frequency"
        hint="How far apart the values are"
        error={said("Frequency", fieldMessage(refusal, "frequency"))}
        value={draft.frequency ?? ""}
        onChange={(frequency) => onDraft({ ...draft, frequency: frequency || null })}
        options={OPTIONS}
      />
      <DateField
        label="First date"
        hint="Of every list, or of period 0"
        error={said("First date", fieldMessage(refusal, "start"))}
        value={draft.start}
        onChange={(start) => onDraft({ ...draft, start })}
      />
    </fieldset>
  );
}

/** The server's message goes on from the name of its field. */
function said(label: string, message: string | null): string | null {
  return message && `${label} ${message}`;
}
