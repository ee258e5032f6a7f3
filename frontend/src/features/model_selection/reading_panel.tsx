import { useState } from "react";
import { ColumnFields } from "./column_fields.tsx";
import type { Inspection } from "./inspection.ts";
import { isQuestion, type ReadingDraft, readingOf } from "./reading.ts";
import { ReadingFields } from "./reading_fields.tsx";

export interface ReadingProps {
  reading: ReadingDraft;
  onReading: (reading: ReadingDraft) => void;
  inspection: Inspection;
}

/** Folded while the file says everything itself; open once the server asks for something. */
export function ReadingPanel(props: ReadingProps) {
  const { error } = props.inspection;
  const [isOpen, setOpen] = useState(false);
  const [heard, setHeard] = useState<unknown>(null);
  // Opened by each new question, and closed by nobody but the user, who may be in one of the fields.
  if (error && error !== heard) {
    setHeard(error);
    if (isQuestion(error)) setOpen(true);
  }
  const stated = Object.keys(readingOf(props.reading)).length;
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="text-sm cursor-pointer w-fit">
        <span className="font-medium">How the file is read:</span>{" "}
        <span className="text-ink-2 num">{stated === 0 ? "as found" : `${stated} stated`}</span>
      </summary>
      <div className="grid gap-4 mt-3">
        <p className="text-sm text-ink-2 max-w-[72ch] text-pretty">
          What is left as found, the file says itself. A change is read at once.
        </p>
        <ReadingFields {...props} />
        <ColumnFields {...props} />
      </div>
    </details>
  );
}
