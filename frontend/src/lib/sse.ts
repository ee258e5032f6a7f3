/** An incremental parser of server-sent events: any chunking, CR/LF/CRLF, comments, several `data:` lines per event. */

export interface SseEvent {
  id: string | null;
  data: string;
}

export class SseParser {
  #rest = "";
  #id: string | null = null;
  #data: string[] = [];

  /** The events that this chunk completes. An event is complete at its blank line and not before. */
  push(chunk: string): SseEvent[] {
    const events: SseEvent[] = [];
    let text = this.#rest + chunk;
    // A trailing CR may be half of a CRLF that the next chunk completes.
    const held = text.endsWith("\r") ? "\r" : "";
    if (held) text = text.slice(0, -1);
    const lines = text.split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? "") + held;
    for (const line of lines) {
      const event = this.#line(line);
      if (event) events.push(event);
    }
    return events;
  }

  #line(line: string): SseEvent | null {
    if (line === "") return this.#dispatch();
    if (line.startsWith(":")) return null;
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") this.#data.push(value);
    else if (field === "id") this.#id = value;
    return null;
  }

  #dispatch(): SseEvent | null {
    if (this.#data.length === 0) return null;
    const event = { id: this.#id, data: this.#data.join("\n") };
    this.#data = [];
    return event;
  }
}
