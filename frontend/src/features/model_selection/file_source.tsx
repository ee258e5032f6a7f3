import clsx from "clsx";
import { FileSpreadsheet, Upload, X } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { previewCsv } from "@/lib/csv.ts";
import { bytes, plural } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { CSV, type FileDraft } from "./draft.ts";
import { ReadingFields } from "./reading_fields.tsx";

const MAX_BYTES = 512 * 1024 * 1024;

/** By the name: what a browser says of a CSV depends on the programs that are installed beside it. */
function mediaTypeOf(name: string): string {
  if (/\.parquet$/i.test(name)) return "application/vnd.apache.parquet";
  if (/\.(arrow|feather|ipc)$/i.test(name)) return "application/vnd.apache.arrow.file";
  // Called what it is, it is refused for what it is, and not as a CSV with a strange first line.
  if (/\.xlsx$/i.test(name)) return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  return CSV;
}

interface Props<D> {
  draft: D;
  onDraft: (draft: D) => void;
  /** What reads the file when it starts. */
  what: "comparison" | "forecast";
}

/** A file of series, with what a columnar one may leave unsaid. */
export function FileSource<D extends FileDraft>(props: Props<D> & { refusal: unknown }) {
  const { draft, onDraft, refusal, what } = props;
  return (
    <>
      <FilePicker draft={draft} onDraft={onDraft} what={what} />
      {draft.file && draft.file.mediaType !== CSV ? (
        <ReadingFields draft={draft} onDraft={onDraft} refusal={refusal} />
      ) : null}
    </>
  );
}

function FilePicker<D extends FileDraft>({ draft, onDraft, what }: Props<D>) {
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
    const mediaType = mediaTypeOf(name);
    // Read once: what is sent is what was looked at, also where the file is saved anew in between.
    const content = await file.arrayBuffer();
    const preview = mediaType === CSV ? previewCsv(content) : null;
    onDraft({ ...draft, file: { name, bytes: content, mediaType, preview } });
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
          "rounded-lg border border-dashed px-4 py-5 flex flex-wrap items-center gap-3",
          isOver ? "border-accent bg-accent-wash" : "border-line-strong bg-sunken",
        )}
      >
        <FileSpreadsheet className="size-6 text-ink-3" strokeWidth={1.5} aria-hidden />
        {draft.file ? (
          <div className="min-w-0 flex-1">
            <p className="font-medium truncate">{draft.file.name}</p>
            {draft.file.preview ? (
              <p className="num text-xs text-ink-2">
                {plural(draft.file.preview.series.length, "series", "series")} ·{" "}
                {plural(draft.file.preview.rows, "row")}
              </p>
            ) : (
              <p className="text-xs text-ink-2">Read when the {what} starts</p>
            )}
          </div>
        ) : (
          <p className="min-w-0 flex-1 text-sm text-ink-2">
            Drop a CSV with <code className="font-mono text-xs">series,date,value</code>, a Parquet or an
            Arrow file here, or choose one.
          </p>
        )}
        {draft.file ? (
          <Button
            size="icon"
            kind="quiet"
            aria-label="Remove the file"
            onClick={() => onDraft({ ...draft, file: null })}
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
          accept=".csv,text/csv,.parquet,.arrow,.feather,.ipc"
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
