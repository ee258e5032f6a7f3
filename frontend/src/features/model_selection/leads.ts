import type { Comparison } from "@/api/types.ts";

/** Whether a verdict of the server's has somebody who leads. */
export function leads(verdict: Comparison["verdict"]): boolean {
  return verdict != null && !["equal", "unmeasured", "nobody"].includes(verdict);
}
