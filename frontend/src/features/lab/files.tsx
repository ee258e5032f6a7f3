import { FileUp, X } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import type { SeasonFiles, SeasonPart } from "@/api/lab.ts";
import { bytes, words } from "@/lib/format.ts";
import { Button, buttonClass } from "@/ui/button.tsx";
import { SelectField } from "@/ui/field.tsx";

/** A file that was chosen, read once: what is kept is what was looked at. */
export interface PickedFile {
  name: string;
  size: number;
  /** What it holds; `null`: the program finds it. */
  part: SeasonPart | null;
  /** Its bytes in base64. */
  content: string;
}

async function pick(file: File): Promise<PickedFile> {
  return { name: file.name, size: file.size, part: null, content: await base64Of(file) };
}

function base64Of(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",")[1] ?? "");
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

export function sent(files: readonly PickedFile[]): SeasonFiles["files"] {
  return files.map(({ name, part, content }) => ({ name, content, ...(part ? { part } : {}) }));
}

const ACCEPTED = ".csv,.tsv,.txt,.json,.xlsx,.xls,.xlsb,.ods";

/** A place to drop files into, or to choose them from. */
export function DropZone(props: {
  label: string;
  isMultiple: boolean;
  onFiles: (files: PickedFile[]) => void;
}) {
  const { label, isMultiple, onFiles } = props;
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const take = async (files: FileList | null) => {
    if (files && files.length > 0) onFiles(await Promise.all([...files].map(pick)));
    // The same file may be chosen again once it was saved anew.
    if (input.current) input.current.value = "";
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files);
  };
  return (
    <label
      className={`flex flex-wrap items-center gap-3 rounded-lg border border-dashed px-4 py-5 cursor-pointer focus-within:outline-2 focus-within:outline-accent ${isOver ? "border-accent bg-accent-wash" : "border-line-strong hover:bg-hover"}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <span className={buttonClass("plain")} aria-hidden>
        <FileUp /> Choose…
      </span>
      <span className="text-sm text-ink-2">{label}</span>
      <input
        ref={input}
        type="file"
        aria-label={label}
        multiple={isMultiple}
        accept={ACCEPTED}
        className="sr-only"
        onChange={(event) => void take(event.target.files)}
      />
    </label>
  );
}

const PARTS: readonly SeasonPart[] = [
  "field",
  "games",
  "results",
  "odds",
  "pairs",
  "bids",
  "rules",
  "payouts",
  "scoring",
];

/** The files that were chosen, and what each is said to hold. */
export function PickedList(props: { files: readonly PickedFile[]; onFiles: (files: PickedFile[]) => void }) {
  const { files, onFiles } = props;
  const change = (at: number, part: SeasonPart | null) =>
    onFiles(files.map((file, each) => (each === at ? { ...file, part } : file)));
  return (
    <ul className="divide-y divide-line empty:hidden">
      {files.map((file, at) => (
        <li key={file.name} className="flex flex-wrap items-end gap-3 py-2">
          <span className="text-sm min-w-0 flex-1 basis-40 break-words">
            <span className="font-medium">{file.name}</span>{" "}
            <span className="num text-ink-3">{bytes(file.size)}</span>
          </span>
          <div className="w-44">
            <SelectField
              label={`What ${file.name} holds`}
              value={file.part ?? ""}
              onChange={(value) => change(at, PARTS.find((part) => part === value) ?? null)}
              options={[
                { value: "", label: "As it is found" },
                ...PARTS.map((part) => ({ value: part, label: words(part) })),
              ]}
            />
          </div>
          <Button
            size="icon"
            kind="quiet"
            aria-label={`Leave out ${file.name}`}
            onClick={() => onFiles(files.filter((_, each) => each !== at))}
          >
            <X aria-hidden />
          </Button>
        </li>
      ))}
    </ul>
  );
}
