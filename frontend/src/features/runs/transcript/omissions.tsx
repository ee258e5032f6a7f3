import { EyeOff } from "lucide-react";
import type { OmissionView } from "./block.ts";

/** What was left out here, and why: a reader must never take a part for the whole. */
export function Omissions({ omissions }: { omissions: readonly OmissionView[] }) {
  if (omissions.length === 0) return null;
  return (
    <ul className="grid gap-0.5 text-xs text-ink-2" aria-label="What was left out here">
      {omissions.map(({ eventId, type, path, message }) => (
        <li key={`${eventId}${path}`} data-omission={type} className="flex items-start gap-1.5">
          <EyeOff className="size-3.5 mt-px shrink-0 text-warn" aria-hidden />
          <span className="min-w-0 break-words">
            {type === "redacted" ? "Redacted" : "Cut"}: <code className="font-mono">{path}</code> {message}{" "}
            <span className="text-ink-3">(frame {eventId})</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
