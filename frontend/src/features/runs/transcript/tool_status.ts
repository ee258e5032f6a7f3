/** How a call stands, in words and with the tone of a status. */
import type { ToolBlock } from "./block.ts";

const OPEN: ReadonlySet<string> = new Set([
  "pending",
  "preparing",
  "awaiting_approval",
  "approved",
  "running",
]);

export function isOpen({ status }: Pick<ToolBlock, "status">): boolean {
  return OPEN.has(status);
}

/** What a run that has ended left open is neither running nor done. */
export function shownStatus(tool: Pick<ToolBlock, "status">, hasEnded: boolean): string {
  return hasEnded && isOpen(tool) ? "unfinished" : tool.status;
}

/** An approval lets a call begin; it is no success. */
export function statusWords(status: string): string {
  switch (status) {
    case "preparing":
      return "Arguments coming";
    case "awaiting_approval":
      return "Waiting for approval";
    case "approved":
      return "Approved, running";
    case "denied":
      return "Denied, not run";
    case "unfinished":
      return "Unfinished";
    default:
      return status.charAt(0).toUpperCase() + status.slice(1);
  }
}
