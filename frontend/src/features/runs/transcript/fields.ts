/** Large fields that came in chunks: pictures, and whatever else was too long for one frame. */
import type { Card, ChunkField, Section } from "@/lib/frames/state.ts";
import type { FieldView, ImageView } from "./block.ts";
import type { Known } from "./known.ts";

const PARTIAL_IMAGE = "partial_image_b64";

/** The media types of formats that browsers draw. What else a provider may name is not tried. */
const FORMATS: Record<string, string> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  webp: "image/webp",
  gif: "image/gif",
  avif: "image/avif",
};

/** The pictures of a call, the roughest first. */
export function imagesOf(section: Section, card: Card, { hasEnded }: Known): ImageView[] {
  const mediaType = FORMATS[card.details.format?.toLowerCase() ?? "png"];
  return chunksOf(section, "tool_call", [card.tool_call_id, ...card.item_ids])
    .filter(isImage)
    .map((field, at) => ({
      part: field.part_index ?? at,
      chunks: field.chunks,
      isComing: !isWhole(field) && !hasEnded,
      url: mediaType && isWhole(field) ? `data:${mediaType};base64,${field.data}` : null,
    }))
    .sort((a, b) => a.part - b.part);
}

/** Every other field. */
export function fieldsOf(
  section: Section,
  kind: ChunkField["entity_kind"],
  ids: readonly string[],
  { hasEnded }: Known,
): FieldView[] {
  return chunksOf(section, kind, ids)
    .filter((field) => !isImage(field))
    .map((field) => ({
      name: field.field,
      part: field.part_index,
      isWhole: isWhole(field),
      isComing: !isWhole(field) && !hasEnded,
      chunks: field.chunks,
      text: field.encoding === "utf8" ? field.data : null,
    }));
}

function chunksOf(
  { chunks }: Section,
  kind: ChunkField["entity_kind"],
  ids: readonly string[],
): ChunkField[] {
  return chunks.filter((field) => field.entity_kind === kind && ids.includes(field.entity_id));
}

function isImage({ field, encoding }: ChunkField): boolean {
  return field === PARTIAL_IMAGE && encoding === "base64";
}

/** Its end has been said, and no piece before it is missing. */
function isWhole({ is_done, early, chunks }: ChunkField): boolean {
  return is_done && early.length === 0 && chunks > 0;
}
