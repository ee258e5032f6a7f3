import clsx from "clsx";
import { Fragment } from "react";
import type { FileReport } from "@/api/types.ts";
import { count, plural } from "@/lib/format.ts";
import { Quoted } from "@/ui/quoted.tsx";

type Column = FileReport["columns"][number];

const ROLES: Record<Column["role"], string> = {
  id: "names the series",
  date: "date",
  value: "value",
  series: "series",
  known: "known beforehand",
  past: "known only afterwards",
  group: "group",
  unread: "not read",
};

const FEW_COLUMNS = 12;
const FEW_SERIES = 3;

/** What was read of a file, and what was assumed. */
export function FileReportView({ report, isReading }: { report: FileReport; isReading: boolean }) {
  return (
    <section
      aria-label="What was read"
      aria-busy={isReading}
      className={clsx("grid gap-3 text-sm min-w-0", isReading && "opacity-60")}
    >
      <p role="status" className="num font-medium text-pretty first-letter:uppercase">
        {summaryOf(report).map((part, at) => (
          <Fragment key={part}>
            {at > 0 ? " · " : null}
            {/* A date is not broken at its hyphens. */}
            <span className="whitespace-nowrap">{part}</span>
          </Fragment>
        ))}
      </p>
      {report.columns.length > 0 ? <Columns report={report} /> : null}
      {report.notes.length > 0 ? (
        <ul aria-label="Notes" className="grid gap-1 text-ink-2 list-disc pl-4">
          {report.notes.map((note) => (
            <li key={note} className="text-pretty break-words min-w-0">
              <Quoted text={note} />
            </li>
          ))}
        </ul>
      ) : null}
      {report.left_out_total > 0 ? <LeftOut report={report} /> : null}
    </section>
  );
}

/** In one line: what it is, how much of it there is, and over what time. */
export function summaryOf(report: FileReport): string[] {
  const { kind, series, values, frequency, first_date, last_date, missing_dates } = report;
  return [
    kind,
    plural(series, "series", "series"),
    plural(values, "value"),
    frequency ?? "each series its own frequency",
    `${first_date} to ${last_date}`,
    missing_dates === 0 ? "no date missing" : plural(missing_dates, "missing date"),
  ];
}

function Columns({ report: { columns, columns_total } }: { report: FileReport }) {
  const [first, rest] = [columns.slice(0, FEW_COLUMNS), columns.slice(FEW_COLUMNS)];
  const more = columns_total - first.length;
  return (
    <div className="grid gap-2 min-w-0">
      <ColumnChips label="Columns" columns={first} />
      {more > 0 && rest.length === 0 ? <p className="text-ink-3">and {plural(more, "more column")}</p> : null}
      {rest.length > 0 ? (
        <details>
          <summary className="cursor-pointer text-ink-2 w-fit">{plural(more, "more column")}</summary>
          <div className="mt-2">
            <ColumnChips label="More columns" columns={rest} />
            <NotListed count={columns_total - columns.length} />
          </div>
        </details>
      ) : null}
    </div>
  );
}

function ColumnChips({ label, columns }: { label: string; columns: readonly Column[] }) {
  return (
    <ul aria-label={label} className="flex flex-wrap gap-1.5 min-w-0">
      {columns.map(({ name, role }, at) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: columns keep their places, and two may share a name
          key={at}
          className="inline-flex items-baseline gap-1.5 max-w-full rounded-sm border border-line bg-sunken px-1.5 py-0.5"
        >
          <span
            className={clsx("font-mono text-xs truncate", role === "unread" && "text-ink-3")}
            title={name}
          >
            {name}
          </span>
          <span className="text-xs text-ink-3 whitespace-nowrap">{ROLES[role]}</span>
        </li>
      ))}
    </ul>
  );
}

function LeftOut({ report: { left_out, left_out_total } }: { report: FileReport }) {
  const [first, rest] = [left_out.slice(0, FEW_SERIES), left_out.slice(FEW_SERIES)];
  return (
    <div className="grid gap-1 min-w-0">
      <p className="font-medium num">{plural(left_out_total, "series", "series")} left out</p>
      <Reasons series={first} />
      {rest.length > 0 ? (
        <details>
          <summary className="cursor-pointer text-ink-2 w-fit">
            {count(left_out_total - FEW_SERIES)} more
          </summary>
          <div className="mt-1">
            <Reasons series={rest} />
            <NotListed count={left_out_total - left_out.length} />
          </div>
        </details>
      ) : (
        <NotListed count={left_out_total - left_out.length} />
      )}
    </div>
  );
}

function Reasons({ series }: { series: FileReport["left_out"] }) {
  return (
    <ul className="grid gap-1 text-ink-2 list-disc pl-4">
      {series.map(({ name, reason }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they keep their places, and shortened names may be the same
        <li key={at} className="text-pretty break-words min-w-0">
          <code className="font-mono text-[0.92em]">{name}</code>: <Quoted text={reason} />
        </li>
      ))}
    </ul>
  );
}

function NotListed(props: { count: number }) {
  return props.count > 0 ? <p className="text-ink-3 mt-1">and {count(props.count)} more</p> : null;
}
