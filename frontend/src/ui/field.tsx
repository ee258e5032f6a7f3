import clsx from "clsx";
import { type ComponentProps, type ReactNode, useId } from "react";
import { Quoted } from "./quoted.tsx";

const INPUT =
  "h-8 w-full rounded-md border border-line-strong bg-surface px-2.5 text-sm text-ink disabled:opacity-60 aria-invalid:border-fail";

function Field(props: {
  label: string;
  hint?: ReactNode;
  error?: string | null | undefined;
  children: (ids: { id: string; describedBy: string }) => ReactNode;
}) {
  const id = useId();
  const describedBy = `${id}-hint`;
  return (
    <div className="grid gap-1 min-w-0 content-start">
      <label htmlFor={id} className="text-sm font-medium">
        {props.label}
      </label>
      {props.children({ id, describedBy })}
      <p id={describedBy} className={clsx("text-xs empty:hidden", props.error ? "text-fail" : "text-ink-3")}>
        {props.error ? <Quoted text={props.error} /> : props.hint}
      </p>
    </div>
  );
}

interface Common {
  label: string;
  hint?: ReactNode;
  error?: string | null | undefined;
}

export function NumberField(
  props: Common & { value: number | null; onChange: (value: number | null) => void } & Omit<
      ComponentProps<"input">,
      "value" | "onChange" | "type"
    >,
) {
  const { label, hint, error, value, onChange, className, ...rest } = props;
  return (
    <Field label={label} hint={hint} error={error}>
      {({ id, describedBy }) => (
        <input
          id={id}
          type="number"
          inputMode="numeric"
          aria-describedby={describedBy}
          aria-invalid={error ? true : undefined}
          className={clsx(INPUT, "num", className)}
          value={value ?? ""}
          onChange={(event) => onChange(event.target.value === "" ? null : Number(event.target.value))}
          {...rest}
        />
      )}
    </Field>
  );
}

export function TextField(
  props: Common & {
    value: string;
    onChange: (value: string) => void;
    maxLength?: number;
    placeholder?: string;
    /** The id of a list of what may be meant. */
    list?: string;
    /** Shown as dots, and kept by no browser. */
    isSecret?: boolean;
  },
) {
  const { label, hint, error, value, onChange, maxLength, placeholder, list, isSecret = false } = props;
  return (
    <Field label={label} hint={hint} error={error}>
      {({ id, describedBy }) => (
        <input
          id={id}
          type={isSecret ? "password" : "text"}
          autoComplete={isSecret ? "off" : undefined}
          list={list}
          maxLength={maxLength}
          placeholder={placeholder}
          aria-describedby={describedBy}
          aria-invalid={error ? true : undefined}
          className={INPUT}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

/** A text of several lines: prose, or rows that were pasted. */
export function LongTextField(
  props: Common & {
    value: string;
    onChange: (value: string) => void;
    rows?: number;
    maxLength?: number;
    placeholder?: string;
    isCode?: boolean;
  },
) {
  const { label, hint, error, value, onChange, rows = 4, maxLength, placeholder, isCode } = props;
  return (
    <Field label={label} hint={hint} error={error}>
      {({ id, describedBy }) => (
        <textarea
          id={id}
          rows={rows}
          maxLength={maxLength}
          placeholder={placeholder}
          spellCheck={!isCode}
          aria-describedby={describedBy}
          aria-invalid={error ? true : undefined}
          className={clsx(INPUT, "h-auto py-1.5 resize-y", isCode && "font-mono text-xs")}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

/** A day as `YYYY-MM-DD`; absent while it is empty or incomplete. */
export function DateField(
  props: Common & { value: string | null; onChange: (value: string | null) => void },
) {
  const { label, hint, error, value, onChange } = props;
  return (
    <Field label={label} hint={hint} error={error}>
      {({ id, describedBy }) => (
        <input
          id={id}
          type="date"
          min="0001-01-01"
          max="9999-12-31"
          aria-describedby={describedBy}
          aria-invalid={error ? true : undefined}
          className={clsx(INPUT, "num")}
          value={value ?? ""}
          onChange={(event) => onChange(event.target.value || null)}
        />
      )}
    </Field>
  );
}

export function SelectField(
  props: Common & {
    value: string;
    onChange: (value: string) => void;
    options: readonly { value: string; label: string }[];
    disabled?: boolean;
  },
) {
  const { label, hint, error, value, onChange, options, disabled } = props;
  return (
    <Field label={label} hint={hint} error={error}>
      {({ id, describedBy }) => (
        <select
          id={id}
          aria-describedby={describedBy}
          aria-invalid={error ? true : undefined}
          className={INPUT}
          value={value}
          disabled={disabled}
          onChange={(event) => onChange(event.target.value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function CheckField(props: {
  label: ReactNode;
  hint?: ReactNode;
  isChecked: boolean;
  onChange: (isChecked: boolean) => void;
  error?: string | null | undefined;
  disabled?: boolean;
  isRisky?: boolean;
}) {
  const id = useId();
  const hint = props.error ? <Quoted text={props.error} /> : props.hint;
  return (
    <div className={clsx("flex items-start gap-2 text-sm", props.disabled && "opacity-60")}>
      <input
        id={id}
        type="checkbox"
        className="mt-0.5 size-4 shrink-0 accent-[var(--accent)]"
        checked={props.isChecked}
        disabled={props.disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        aria-invalid={props.error ? true : undefined}
        onChange={(event) => props.onChange(event.target.checked)}
      />
      <span className="grid justify-items-start">
        <label htmlFor={id} className={clsx("font-medium", !props.disabled && "cursor-pointer")}>
          {props.label}
        </label>
        {hint ? (
          <span
            id={`${id}-hint`}
            className={clsx("text-xs text-pretty", props.isRisky || props.error ? "text-fail" : "text-ink-3")}
          >
            {hint}
          </span>
        ) : null}
      </span>
    </div>
  );
}
