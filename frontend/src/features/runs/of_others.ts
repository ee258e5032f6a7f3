/** The kinds of runs that are done elsewhere and recorded here: nothing executes them here, now or again. */
const OF_OTHERS = new Set(["fork", "import", "stream"]);

/** Whether a run of this kind is recorded here and not executed. */
export function isOfOthers(kind: string): boolean {
  return OF_OTHERS.has(kind);
}
