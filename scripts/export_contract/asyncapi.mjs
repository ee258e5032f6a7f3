// Holds openapi/asyncapi.json to AsyncAPI 3 with the parser of AsyncAPI's own makers, and names what it found in it.
import { readFile } from "node:fs/promises";
import { Parser } from "@asyncapi/parser";

const file = new URL("../../openapi/asyncapi.json", import.meta.url);
const { document, diagnostics } = await new Parser().parse(await readFile(file, "utf8"));
// 0 is an error; the others are advice.
const errors = diagnostics.filter((found) => found.severity === 0);
for (const { path, message } of errors) console.error(`${path.join(".")}: ${message}`);
if (!document || errors.length > 0) process.exit(1);
const channels = document.channels().all();
for (const channel of channels) {
  const messages = channel.messages().all();
  if (messages.length === 0 || messages.some((message) => !message.payload())) {
    console.error(`${channel.id()}: a message has no payload`);
    process.exit(1);
  }
}
console.log(`AsyncAPI ${document.version()}: ${channels.map((channel) => channel.address()).join(", ")}`);
