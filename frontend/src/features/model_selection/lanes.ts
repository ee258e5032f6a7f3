/** How each candidate stands at one moment of a comparison, read from its transcript: the same live and replayed. */
import type { Comparison } from "@/api/types.ts";
import type { ToolBlock } from "@/features/runs/transcript/block.ts";
import type { TranscriptView } from "@/features/runs/view.ts";

export interface Lane {
  id: string;
  modelType: string;
  /** `pending`, `running`, `completed`, `dropped`, `failed` or `cancelled`. */
  status: string;
  /** Absent while it has not ended: of a candidate on its way no frame counts the series. */
  seriesDone: number | null;
  error: { code: string | null; message: string } | null;
}

/** Who takes part stands in the question; what became of them, in the frames. */
export function lanesOf({ candidate_progress }: Comparison, view: TranscriptView): Lane[] {
  const cards = new Map(view.blocks.flatMap((block) => (block.type === "tool" ? [[block.id, block]] : [])));
  return candidate_progress.map(({ candidate_id, model_type }) => {
    const card = cards.get(candidate_id);
    const said = isRecord(card?.output) ? card.output : {};
    return {
      id: candidate_id,
      modelType: model_type,
      status: statusOf(card, view),
      seriesDone: typeof said.series_done === "number" ? said.series_done : null,
      error: errorOf(said.error),
    };
  });
}

/** A run that ends takes with it whoever was still on the way. */
function statusOf(card: ToolBlock | undefined, { terminal }: TranscriptView): string {
  if (card?.output !== undefined) return card.status;
  if (terminal) return terminal.status === "cancelled" ? "cancelled" : "failed";
  return card && card.status !== "pending" ? "running" : "pending";
}

function errorOf(said: unknown): Lane["error"] {
  if (!isRecord(said) || typeof said.message !== "string") return null;
  return { code: typeof said.code === "string" ? said.code : null, message: said.message };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
