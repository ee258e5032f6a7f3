/** Makes the digests of parts of a record, one after another, beside the page and beside its like. */
import { digestsOf } from "@/lib/tlog/line_digests.ts";

self.onmessage = async ({ data }: MessageEvent<Blob>) => {
  const digests = await digestsOf(data);
  self.postMessage(digests, { transfer: [digests.buffer as ArrayBuffer] });
};
