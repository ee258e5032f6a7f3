import clsx from "clsx";
import type { ReactNode } from "react";

/** A titled region of a page. */
export function Panel(props: {
  title?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
  isFlush?: boolean;
}) {
  const { title, aside, children, className, isFlush = false } = props;
  return (
    <section className={clsx("bg-surface border border-line rounded-lg min-w-0", className)}>
      {title ? (
        <header className="flex items-center justify-between gap-3 px-4 h-10 border-b border-line">
          <h2 className="text-sm font-semibold truncate">{title}</h2>
          {aside}
        </header>
      ) : null}
      <div className={isFlush ? "" : "p-4"}>{children}</div>
    </section>
  );
}

/** Name and value pairs, read as a list. */
export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-sm">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-3 whitespace-nowrap">{name}</dt>
          <dd className="num min-w-0 break-words text-right">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** One number with its name and, below, where it comes from. */
export function Stat(props: { label: string; value: ReactNode; note?: ReactNode }) {
  return (
    <div className="px-4 py-3 min-w-0">
      <div className="eyebrow">{props.label}</div>
      <div className="num mt-0.5 text-xl font-medium truncate">{props.value}</div>
      {props.note ? <div className="text-xs text-ink-3 text-pretty">{props.note}</div> : null}
    </div>
  );
}

export function StatStrip({ children }: { children: ReactNode }) {
  return (
    <div className="grid grid-cols-2 sm:grid-cols-4 bg-surface border border-line rounded-lg divide-x divide-y sm:divide-y-0 divide-line overflow-hidden">
      {children}
    </div>
  );
}

/** An empty place teaches what will be here and offers the one action that fills it. */
export function Empty(props: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <div className="px-6 py-12 grid justify-items-center text-center gap-2">
      <div className="hallmark size-9 bg-sunken border border-line" aria-hidden />
      <h3 className="text-lg font-semibold mt-1">{props.title}</h3>
      <div className="text-ink-2 max-w-[46ch] text-pretty">{props.children}</div>
      {props.action ? <div className="mt-2">{props.action}</div> : null}
    </div>
  );
}

export function Loading({ label, lines = 4 }: { label: string; lines?: number }) {
  return (
    <div role="status" className="grid gap-2 p-4">
      <span className="sr-only">{label}</span>
      {Array.from({ length: lines }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholder bars have no identity
        <div key={at} className="h-4 rounded-sm bg-sunken pulse-dot" style={{ width: `${92 - at * 13}%` }} />
      ))}
    </div>
  );
}

export function ProgressBar({ fraction, label }: { fraction: number | null; label: string }) {
  const value = fraction === null ? undefined : Math.round(Math.min(1, Math.max(0, fraction)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={value}
      className="h-1 rounded-full bg-line overflow-hidden"
    >
      {value === undefined ? (
        <div className="h-full w-2/7 bg-run slide-bar" />
      ) : (
        <div className="h-full bg-run transition-[width] duration-200" style={{ width: `${value}%` }} />
      )}
    </div>
  );
}
