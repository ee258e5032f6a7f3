/** The beginning of an artifact that is text and nothing more is known of. */

export interface TextHead {
  head: string;
  lines: number;
  linesTotal: number;
}

/** So many lines are shown; the download has all. */
const LINES_SHOWN = 200;

/** `null` where the bytes are no text, or text that is read as rows. */
export function textHead(mediaType: string, bytes: Uint8Array): TextHead | null {
  const essence = mediaType.split(";")[0]?.trim() ?? "";
  if (essence === "text/csv" || !(essence.startsWith("text/") || TEXTS.has(essence))) return null;
  const all = new TextDecoder().decode(bytes).replace(/\n$/, "").split("\n");
  return {
    head: all.slice(0, LINES_SHOWN).join("\n"),
    lines: Math.min(all.length, LINES_SHOWN),
    linesTotal: all.length,
  };
}

const TEXTS: ReadonlySet<string> = new Set(["application/xml", "application/yaml", "application/toml"]);
