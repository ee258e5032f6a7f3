import clsx from "clsx";
import { FileSpreadsheet, Upload, X } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { bytes } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { ProgressBar } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import type { FileDraft } from "./draft.ts";
import { FileReportView } from "./file_report.tsx";
import { type Inspection, isRefused } from "./inspection.ts";
import { AS_FOUND, isQuestion } from "./reading.ts";
import { ReadingPanel } from "./reading_panel.tsx";

const MAX_BYTES = 1024 * 1024 * 1024;
const ACCEPTED = ".csv,.tsv,.txt,.xlsx,.xls,.ods,.parquet,.arrow,.feather,.ipc,.tsf,.gz,.zip";

let chosen = 0;

interface Props<D> {
  draft: D;
  onDraft: (draft: D) => void;
}

/** A file of series, what the server reads of it, and how to put that right. */
export function FileSource<D extends FileDraft>(props: Props<D> & { inspection: Inspection }) {
  const { draft, onDraft, inspection } = props;
  return (
    <>
      <FilePicker draft={draft} onDraft={onDraft} isReading={inspection.isReading} />
      {draft.file ? (
        <>
          {inspection.error ? <Refusal inspection={inspection} /> : null}
          {inspection.report ? (
            <FileReportView report={inspection.report} isReading={inspection.isReading} />
          ) : null}
          <ReadingPanel
            key={draft.file.key}
            reading={draft.reading}
            onReading={(reading) => onDraft({ ...draft, reading })}
            inspection={inspection}
          />
        </>
      ) : null}
    </>
  );
}

function Refusal({ inspection: { error, again } }: { inspection: Inspection }) {
  if (isRefused(error)) {
    const title = isQuestion(error) ? "The file leaves something open" : "The file cannot be read";
    return <ProblemNote error={error} title={title} shown={Object.keys(AS_FOUND)} />;
  }
  const retry = (
    <Button size="sm" onClick={again}>
      Read it again
    </Button>
  );
  return <ProblemNote error={error} action={retry} />;
}

function FilePicker<D extends FileDraft>({ draft, onDraft, isReading }: Props<D> & { isReading: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const take = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > MAX_BYTES) {
      setProblem(`${file.name} has ${bytes(file.size)}; the limit is ${bytes(MAX_BYTES)}.`);
      return;
    }
    setProblem(null);
    const { name } = file;
    // Read once: what is sent is what was looked at, also where the file is saved anew in between.
    const content = await file.arrayBuffer();
    chosen += 1;
    // A file that was saved anew is read as it was; what was said of another one may be wrong of this one.
    const reading = draft.file?.name === name ? draft.reading : AS_FOUND;
    onDraft({ ...draft, file: { key: chosen, name, bytes: content }, reading });
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  return (
    <div className="grid gap-2">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button inside is the first */}
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={clsx(
          "relative overflow-hidden rounded-lg border border-dashed px-4 py-5 flex flex-wrap items-center gap-3",
          isOver ? "border-accent bg-accent-wash" : "border-line-strong bg-sunken",
        )}
      >
        <FileSpreadsheet className="size-6 text-ink-3" strokeWidth={1.5} aria-hidden />
        <Chosen file={draft.file} isReading={isReading} />
        {draft.file ? (
          <Button
            size="icon"
            kind="quiet"
            aria-label="Remove the file"
            onClick={() => onDraft({ ...draft, file: null, reading: AS_FOUND })}
          >
            <X aria-hidden />
          </Button>
        ) : null}
        <Button size="sm" onClick={() => input.current?.click()}>
          <Upload aria-hidden /> {draft.file ? "Choose another" : "Choose a file"}
        </Button>
        <input
          ref={input}
          type="file"
          accept={ACCEPTED}
          aria-label="File of series"
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => {
            void take(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
      </div>
      {problem ? (
        <p role="alert" className="text-sm text-fail">
          {problem}
        </p>
      ) : null}
    </div>
  );
}

function Chosen({ file, isReading }: { file: FileDraft["file"]; isReading: boolean }) {
  if (!file) {
    return (
      <p className="min-w-0 flex-1 text-sm text-ink-2 text-pretty">
        Drop a table of series here, or choose one: CSV or text, Excel, ODS, Parquet, Arrow or .tsf, also
        zipped. Its columns and dates are found by themselves.
      </p>
    );
  }
  return (
    <div className="min-w-0 flex-[1_1_10rem]">
      <p className="font-medium truncate">{file.name}</p>
      <p role="status" className="num text-xs text-ink-2">
        {isReading ? "Reading the file…" : bytes(file.bytes.byteLength)}
      </p>
      {isReading ? (
        <div className="absolute inset-x-0 bottom-0">
          <ProgressBar fraction={null} label="Reading the file" />
        </div>
      ) : null}
    </div>
  );
}
