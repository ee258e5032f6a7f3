/** Large fields, put together from their pieces in the order of their numbers, whatever order they come in. */
import { chunkKey, type Place } from "./place.ts";
import type { ChunkField } from "./state.ts";
import type { ChunkDelta, ChunkDone, ChunkTarget } from "./types.ts";

export function applyChunk(place: Place, body: ChunkDelta | ChunkDone): void {
  const field = ownField(place, body.target);
  if (body.kind === "chunk.done") {
    // Only this completes a field; more pieces never do.
    field.is_done = true;
    return;
  }
  field.encoding = body.encoding ?? field.encoding;
  if (body.chunk_index === 0 && field.chunks > 0) begin(place, field);
  if (body.chunk_index > field.chunks) {
    keepEarly(place, field, body);
  } else if (body.chunk_index === field.chunks) {
    push(field, body.data);
    while (field.early[0]?.chunk_index === field.chunks) {
      push(field, place.cow.own(field, "early").shift()?.data ?? "");
    }
  }
}

/** A first piece that comes again begins the field anew: another attempt tells it from the start. */
function begin({ cow }: Place, field: ChunkField): void {
  field.data = "";
  field.chunks = 0;
  field.is_done = false;
  field.early = cow.adopt([]);
}

function push(field: ChunkField, data: string): void {
  field.data += data;
  field.chunks += 1;
}

function keepEarly({ cow }: Place, field: ChunkField, { chunk_index, data }: ChunkDelta): void {
  const before = field.early.findLastIndex((piece) => piece.chunk_index <= chunk_index);
  if (field.early[before]?.chunk_index === chunk_index) return;
  cow.own(field, "early").splice(before + 1, 0, { chunk_index, data });
}

function ownField({ cow, section, index }: Place, target: ChunkTarget): ChunkField {
  const fields = cow.own(section, "chunks");
  const key = chunkKey(target);
  const at = index.chunks.get(key) ?? fields.push(cow.adopt(newField(target))) - 1;
  index.chunks.set(key, at);
  return cow.at(fields, at);
}

function newField({ entity_kind, entity_id, field, part_index }: ChunkTarget): ChunkField {
  return {
    entity_kind,
    entity_id,
    field,
    part_index: part_index ?? null,
    encoding: "utf8",
    data: "",
    chunks: 0,
    is_done: false,
    early: [],
  };
}
