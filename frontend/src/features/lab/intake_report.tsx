import type { IntakeReport } from "@/api/lab.ts";
import { count, plural, words } from "@/lib/format.ts";
import { DataTable } from "@/ui/data_table.tsx";
import { Panel } from "@/ui/panel.tsx";
import { Quoted } from "@/ui/quoted.tsx";

/** What was read of files: what is open, what is wrong, what was taken for what, and what was left out. */
export function IntakeReportView({ report }: { report: IntakeReport }) {
  const { tables, team_matches, left_out, notes, questions, problems } = report;
  return (
    <div className="grid gap-5 min-w-0">
      {questions.length > 0 ? (
        <div role="alert" className="rounded-lg border border-line bg-warn-wash px-4 py-3 text-sm grid gap-1">
          <strong className="text-warn font-semibold">
            {plural(questions.length, "thing")} the files leave open
          </strong>
          {questions.map(({ option, question, choices }) => (
            <p key={option}>
              {words(option)}: <Quoted text={question} />
              {choices.length > 0 ? ` (${choices.join(" or ")})` : ""}
            </p>
          ))}
        </div>
      ) : null}
      {problems.length > 0 ? <Problems problems={problems} /> : null}
      {tables.map((table) => (
        <ReadTable key={`${table.file}${table.sheet ?? ""}${table.part}`} table={table} />
      ))}
      {team_matches.length > 0 ? (
        <DataTable<IntakeReport["team_matches"][number]>
          title="Names that are written otherwise"
          sentence="Each was taken for a team of the field. If one is wrong, write it in the file as the field has it."
          file="team-matches.csv"
          rows={team_matches}
          rowKey={({ written }) => written}
          columns={[
            { key: "written", label: "Written", isText: true, value: ({ written }) => written },
            { key: "team_id", label: "Taken for", isText: true, value: ({ team_id }) => team_id },
            { key: "by", label: "By", isText: true, value: ({ by }) => MATCHED[by] },
          ]}
        />
      ) : null}
      {left_out.length > 0 ? (
        <DataTable<IntakeReport["left_out"][number]>
          title="Rows that are left out"
          sentence={`${plural(left_out.length, "row")} say nothing that is kept.`}
          file="left-out.csv"
          rows={left_out}
          rowKey={({ file, sheet, line }) => `${file}${sheet ?? ""}${line}`}
          columns={[
            { key: "file", label: "File", isText: true, value: placeOf },
            { key: "line", label: "Line", value: ({ line }) => line },
            { key: "why", label: "Why", isText: true, value: ({ why }) => why },
          ]}
        />
      ) : null}
      {notes.length > 0 ? (
        <Panel title="What was assumed">
          <ul className="grid gap-1 text-sm list-disc pl-4">
            {notes.map((note) => (
              <li key={note}>
                <Quoted text={note} />
              </li>
            ))}
          </ul>
        </Panel>
      ) : null}
    </div>
  );
}

const MATCHED = { id: "its id", case: "capital letters", letters: "its letters" };

function placeOf({ file, sheet }: { file: string; sheet?: string | null }): string {
  return sheet ? `${file}, ${sheet}` : file;
}

function Problems({ problems }: { problems: IntakeReport["problems"] }) {
  return (
    <div role="alert">
      <DataTable<IntakeReport["problems"][number]>
        title={`${plural(problems.length, "thing")} to put right`}
        sentence="All of them at once, by sheet, line and column. Put them right in the file, and choose it again."
        file="problems.csv"
        rows={problems}
        rowKey={({ file, sheet, line, column, message }) => [file, sheet, line, column, message].join("|")}
        columns={[
          { key: "file", label: "File", isText: true, value: placeOf },
          { key: "line", label: "Line", value: ({ line }) => line },
          { key: "column", label: "Column", isText: true, value: ({ column }) => column },
          {
            key: "message",
            label: "What is wrong",
            isText: true,
            value: ({ message }) => message,
            show: ({ message }) => (
              <span className="text-fail">
                <Quoted text={message} />
              </span>
            ),
          },
        ]}
      />
    </div>
  );
}

function ReadTable({ table }: { table: IntakeReport["tables"][number] }) {
  const { part, rows, header_line, separator, encoding, columns } = table;
  const facts = [
    plural(rows, "row"),
    header_line == null ? "no headings" : `headings in line ${count(header_line)}`,
    separator ? `separated by ${SEPARATORS[separator] ?? separator}` : null,
    encoding,
  ].filter(Boolean);
  return (
    <Panel title={`${words(part)} · ${placeOf(table)}`}>
      <p className="text-sm text-ink-2 mb-2">{facts.join(", ")}</p>
      <ul className="flex flex-wrap gap-2 text-sm">
        {columns.map(({ name, meaning }) => (
          <li key={name} className="rounded-md border border-line px-2 py-1">
            <span className="font-medium">{name}</span>{" "}
            <span className={meaning ? "text-accent-strong" : "text-ink-3"}>
              {meaning ? words(meaning) : "not used"}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

const SEPARATORS: Record<string, string> = { "\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars" };
