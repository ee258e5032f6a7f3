/** The recorded streams that the Rust reducer and this one are held to. */
import { readdirSync, readFileSync } from "node:fs";
import { parseFrame } from "@/lib/frames/parse.ts";
import type { Frame } from "@/lib/frames/types.ts";

const FOLDER = "../openapi/goldens";

export const GOLDENS = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".ndjson"))
  .map((file) => file.slice(0, -".ndjson".length));

export function goldenFrames(name: string): Frame[] {
  const texts = readFileSync(`${FOLDER}/${name}.ndjson`, "utf8").trimEnd().split("\n");
  return texts.map(parseFrame);
}
