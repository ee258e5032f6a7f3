import clsx from "clsx";

/** One of a few ways, all of them in sight. */
export function Segmented<T extends string>(props: {
  /** Read aloud; what is chosen says the rest. */
  label: string;
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
  disabled?: boolean;
}) {
  return (
    <fieldset
      disabled={props.disabled}
      className="inline-flex rounded-md border border-line-strong p-0.5 w-fit disabled:opacity-60"
    >
      <legend className="sr-only">{props.label}</legend>
      {props.options.map(({ value, label }) => (
        <button
          key={value}
          type="button"
          aria-pressed={props.value === value}
          onClick={() => props.onChange(value)}
          className={clsx(
            "h-7 px-3 text-sm rounded-sm whitespace-nowrap",
            props.value === value
              ? "bg-accent-wash text-accent-strong font-medium"
              : "text-ink-2 hover:text-ink",
          )}
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}
