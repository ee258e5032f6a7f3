import { CheckField, DateField, SelectField, TextField } from "@/ui/field.tsx";
import {
  DATE_FORMATS,
  DECIMALS,
  ENCODINGS,
  FREQUENCIES,
  hasPart,
  type ReadingDraft,
  SEPARATORS,
  saidOf,
} from "./reading.ts";
import type { ReadingProps } from "./reading_panel.tsx";

interface Option {
  readonly value: string;
  readonly label: string;
  /** What a report calls it, where that is another word. */
  readonly found?: string;
}

const CHOICES: readonly {
  field: "date_format" | "decimal" | "separator" | "frequency" | "encoding";
  label: string;
  hint: string;
  options: readonly Option[];
}[] = [
  { field: "date_format", label: "Date format", hint: "How dates are written", options: DATE_FORMATS },
  { field: "decimal", label: "Decimal mark", hint: "In front of a number's decimals", options: DECIMALS },
  { field: "frequency", label: "Frequency", hint: "How far apart the values are", options: FREQUENCIES },
  { field: "separator", label: "Separator", hint: "Between the cells of a text", options: SEPARATORS },
  { field: "encoding", label: "Encoding", hint: "How a text is stored", options: ENCODINGS },
];

const SWITCHES = [
  {
    field: "sum_duplicates",
    label: "Add the values of one date up",
    hint: "Where a series has several rows of a date, as single sales have",
  },
  {
    field: "wide",
    label: "Every column is a series",
    hint: "Each column of numbers, with the dates in one column",
  },
] as const;

/** Marks, formats and the calendar of a file. */
export function ReadingFields({ reading, onReading, inspection }: ReadingProps) {
  const { error, report } = inspection;
  const set = (change: Partial<ReadingDraft>) => onReading({ ...reading, ...change });
  // What has been stated stays where it can be taken back.
  const applies = (part: "separator" | "encoding" | "sheet") =>
    hasPart(report, part) || reading[part] !== "" || saidOf(error, part, part) !== null;
  const choices = CHOICES.filter(
    ({ field }) => (field !== "separator" && field !== "encoding") || applies(field),
  );
  return (
    <>
      <div className="grid sm:grid-cols-2 lg:grid-cols-3 gap-3 min-w-0">
        {choices.map(({ field, label, hint, options }) => (
          <SelectField
            key={field}
            label={label}
            hint={hint}
            error={saidOf(error, field, label)}
            value={reading[field]}
            onChange={(value) => set({ [field]: value })}
            options={[asFound(reading[field] ? null : report?.[field], options), ...options]}
          />
        ))}
        <DateField
          label="First date"
          hint="Of rows or lists without dates, or of period 0"
          error={saidOf(error, "start", "First date")}
          value={reading.start || null}
          onChange={(start) => set({ start: start ?? "" })}
        />
        <TextField
          label="Time zone"
          hint="Of times that do not say it, where clocks change"
          error={saidOf(error, "time_zone", "Time zone")}
          value={reading.time_zone}
          onChange={(time_zone) => set({ time_zone })}
          placeholder="Europe/Berlin"
        />
        <TextField
          label="Holidays"
          hint="Of a country, by its code: known of every date"
          error={saidOf(error, "holidays", "Holidays")}
          value={reading.holidays}
          onChange={(holidays) => set({ holidays })}
          placeholder="DE"
        />
        {applies("sheet") && (
          <TextField
            label="Sheet"
            hint="Of a workbook, by its name"
            error={saidOf(error, "sheet", "Sheet")}
            value={reading.sheet}
            onChange={(sheet) => set({ sheet })}
            placeholder="As found"
          />
        )}
      </div>
      <div className="grid sm:grid-cols-2 gap-3 min-w-0">
        {SWITCHES.map(({ field, label, hint }) => (
          <CheckField
            key={field}
            label={label}
            hint={hint}
            error={saidOf(error, field, label)}
            isChecked={reading[field]}
            onChange={(isChecked) => set({ [field]: isChecked })}
          />
        ))}
      </div>
    </>
  );
}

/** The first choice, with what was found where the server says it. */
function asFound(found: string | null | undefined, options: readonly Option[]): Option {
  if (!found) return { value: "", label: "As found" };
  const name = options.find((option) => (option.found ?? option.value) === found)?.label ?? found;
  return { value: "", label: `As found: ${name}` };
}
