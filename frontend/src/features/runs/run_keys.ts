/** What the keyboard does on a run: the page obeys this table, and the help shows it. */
import { type Mark, markBeside } from "./minimap.ts";
import type { Action } from "./transport.ts";

/** Where the viewer stands when a key is pressed. */
interface Standing {
  marks: readonly Mark[];
  seq: number;
}

interface Binding {
  /** As `KeyboardEvent.key` has it. */
  keys: readonly string[];
  shown: string;
  what: string;
  /** `null` where there is nothing to go to. */
  action: (key: string, at: Standing) => Action | null;
}

export const RUN_KEYS: readonly Binding[] = [
  { keys: [" "], shown: "Space", what: "Play or pause", action: () => ({ type: "toggle" }) },
  {
    keys: ["ArrowLeft", "ArrowRight"],
    shown: "← →",
    what: "One frame back or on",
    action: (key) => ({ type: "step", by: key === "ArrowLeft" ? -1 : 1 }),
  },
  {
    keys: ["Home", "End"],
    shown: "Home, End",
    what: "First or last frame",
    action: (key) => ({ type: "seek", seq: key === "Home" ? 1 : Number.MAX_SAFE_INTEGER }),
  },
  {
    keys: ["p", "n"],
    shown: "p, n",
    what: "Previous or next phase",
    action: (key, at) => seekMark(at, "phase", key === "p" ? -1 : 1),
  },
  {
    keys: ["E", "e"],
    shown: "Shift e, e",
    what: "Previous or next error",
    action: (key, at) => seekMark(at, "error", key === "E" ? -1 : 1),
  },
  { keys: ["f"], shown: "f", what: "Follow: always the newest frame", action: () => ({ type: "follow" }) },
  {
    keys: ["-", "+"],
    shown: "−, +",
    what: "Play slower or faster",
    action: (key) => ({ type: "faster", by: key === "-" ? -1 : 1 }),
  },
];

function seekMark({ marks, seq }: Standing, sort: Mark["sort"], by: 1 | -1): Action | null {
  const to = markBeside(marks, sort, seq, by);
  return to === null ? null : { type: "seek", seq: to };
}

/** What a pressed key asks for; `undefined` where the run has no use for it. */
export function actionOf(key: string, at: Standing): Action | null | undefined {
  return RUN_KEYS.find(({ keys }) => keys.includes(key))?.action(key, at);
}
