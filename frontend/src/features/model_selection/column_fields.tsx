import { useState } from "react";
import { CheckField, SelectField, TextField } from "@/ui/field.tsx";
import { Quoted } from "@/ui/quoted.tsx";
import { columnOf, type ReadingDraft, saidOf } from "./reading.ts";
import type { ReadingProps } from "./reading_panel.tsx";

const ONE = [
  { field: "date", label: "Column of dates" },
  { field: "value", label: "Column of values" },
] as const;

const SEVERAL = [
  { field: "ids", label: "Columns that name a series" },
  { field: "known", label: "Columns known beforehand", hint: "Such as prices and promotions" },
  {
    field: "past",
    label: "Columns known only afterwards",
    hint: "Such as stock and orders; read as they were a horizon and a row before",
  },
] as const;

/** What the columns are for: chosen among those that were read, or written where nothing has been read yet. */
export function ColumnFields(props: ReadingProps) {
  const { inspection } = props;
  const [isWritten, setWritten] = useState(false);
  const isKnown = inspection.columns.length > 0 && !isWritten;
  if (isKnown) return <Chosen {...props} />;
  return (
    // Whoever writes goes on writing: a field that turned into a list under the hand would lose the focus.
    <fieldset className="grid sm:grid-cols-2 gap-3 min-w-0" onFocus={() => setWritten(true)}>
      <legend className="sr-only">Columns</legend>
      <Written {...props} />
    </fieldset>
  );
}

function Chosen(props: ReadingProps) {
  const { reading, onReading, inspection } = props;
  const { error, report, columns } = inspection;
  return (
    <div className="grid sm:grid-cols-2 gap-3 min-w-0">
      {ONE.map(({ field, label }) => (
        <SelectField
          key={field}
          label={label}
          error={saidOf(error, field, label)}
          value={reading[field]}
          onChange={(name) => onReading({ ...reading, [field]: name })}
          options={[
            { value: "", label: foundLabel(reading[field] ? null : columnOf(report, field)) },
            ...withStated(columns, reading[field] ? [reading[field]] : []).map((name) => ({
              value: name,
              label: name,
            })),
          ]}
        />
      ))}
      {SEVERAL.map((each) => (
        <Several key={each.field} {...props} {...each} />
      ))}
    </div>
  );
}

function Several(props: ReadingProps & { field: "ids" | "known" | "past"; label: string; hint?: string }) {
  const { reading, onReading, inspection, field, label, hint } = props;
  const stated = reading[field];
  const error = saidOf(inspection.error, field, label);
  const toggle = (name: string, isStated: boolean) =>
    onReading({ ...reading, [field]: isStated ? [...stated, name] : stated.filter((each) => each !== name) });
  return (
    <fieldset className="grid gap-1 min-w-0 content-start">
      <legend className="text-sm font-medium mb-1">
        {label}{" "}
        <span className="font-normal text-ink-3">{stated.length === 0 ? "as found" : stated.length}</span>
      </legend>
      <div className="rounded-md border border-line-strong bg-surface px-2.5 py-1.5 grid gap-1.5 max-h-40 overflow-y-auto">
        {withStated(inspection.columns, stated).map((name) => (
          <CheckField
            key={name}
            label={<span className="break-all font-normal">{name}</span>}
            isChecked={stated.includes(name)}
            onChange={(isStated) => toggle(name, isStated)}
            // A list of names is separated by commas, so that one with a comma would be two.
            disabled={name.includes(",")}
          />
        ))}
      </div>
      {error ? (
        <p className="text-xs text-fail">
          <Quoted text={error} />
        </p>
      ) : hint ? (
        <p className="text-xs text-ink-3">{hint}</p>
      ) : null}
    </fieldset>
  );
}

function Written({ reading, onReading, inspection: { error } }: ReadingProps) {
  const set = (change: Partial<ReadingDraft>) => onReading({ ...reading, ...change });
  return (
    <>
      {ONE.map(({ field, label }) => (
        <TextField
          key={field}
          label={label}
          hint="Its name in the header"
          error={saidOf(error, field, label)}
          value={reading[field]}
          onChange={(name) => set({ [field]: name })}
          placeholder="As found"
        />
      ))}
      {SEVERAL.map(({ field, label }) => (
        <TextField
          key={field}
          label={label}
          hint="Their names, separated by commas"
          error={saidOf(error, field, label)}
          value={reading[field].join(",")}
          onChange={(names) => set({ [field]: names === "" ? [] : names.split(",") })}
          placeholder="As found"
        />
      ))}
    </>
  );
}

function foundLabel(found: string | null): string {
  return found ? `As found: ${found}` : "As found";
}

/** A wide table names only its first columns; what was stated is there all the same. */
function withStated(columns: readonly string[], stated: readonly string[]): string[] {
  return [...new Set([...columns, ...stated])];
}
