/** A stored line as a frame. */
import type { Frame } from "./types.ts";

/** A line that is not a frame. */
export class FrameError extends Error {
  override name = "FrameError";
}

/**
 * Reads a stored line. It checks what every reader leans on, the envelope; the fields of a kind were checked before
 * the line was stored. A kind or key of a newer server is no error: a reader ignores what it does not know.
 */
export function parseFrame(line: string): Frame {
  const frame = parseObject(line);
  if (frame.kind === "run.opened") frame.seed = seedDigits(line);
  assertFrame(frame);
  return frame;
}

function assertFrame(frame: Record<string, unknown>): asserts frame is Record<string, unknown> & Frame {
  for (const field of ["schema", "kind", "stream_id", "server_timestamp", "conversation_id"]) {
    if (typeof frame[field] !== "string") throw new FrameError(`a frame's ${field} must be a string`);
  }
  if (!Number.isSafeInteger(frame.event_id))
    throw new FrameError("a frame's event_id must be a whole number");
}

function parseObject(line: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new FrameError("a frame must be JSON", { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new FrameError("a frame must be an object");
  }
  return value as Record<string, unknown>;
}

/**
 * The digits of the seed, which `JSON.parse` would round beyond 2^53. Inside a string a quote is preceded by a
 * backslash, so the pattern can only match a key, and no other object of this kind has that key.
 */
function seedDigits(line: string): string {
  const digits = /"seed"\s*:\s*(\d+)/.exec(line)?.[1];
  if (digits === undefined) throw new FrameError("the seed of run.opened must be a whole number");
  return digits;
}
