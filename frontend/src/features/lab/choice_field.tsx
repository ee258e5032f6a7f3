import type { ReactNode } from "react";
import { SelectField } from "@/ui/field.tsx";

interface Option {
  value: string;
  label: string;
}

/** The one there is; of several nobody chooses but the user. */
export function theOnly(options: readonly Option[]): string | null {
  return options.length === 1 ? (options[0]?.value ?? null) : null;
}

/** A choice that is made by nobody else: empty until somebody has made it. */
export function ChoiceField(props: {
  label: string;
  value: string | null;
  /** Undefined: they are still asked for. */
  options: readonly Option[] | undefined;
  onChange: (value: string | null) => void;
  /** What choosing nothing means, where that is a choice too. */
  none?: string;
  hint?: ReactNode;
}) {
  const { label, value, options, onChange, none, hint } = props;
  const empty = options === undefined ? "Loading…" : options.length === 0 ? "There is none yet" : "Choose…";
  return (
    <SelectField
      label={label}
      hint={hint}
      value={value ?? ""}
      onChange={(next) => onChange(next === "" ? null : next)}
      options={[{ value: "", label: none ?? empty }, ...(options ?? [])]}
      disabled={!options?.length}
    />
  );
}
