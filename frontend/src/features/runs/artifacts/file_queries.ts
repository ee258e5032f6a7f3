import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client.ts";
import type { Artifact } from "@/api/types.ts";

/** What was sent in, newest first. */
export function filesQuery() {
  return infiniteQueryOptions({
    queryKey: ["files"],
    queryFn: ({ pageParam, signal }) =>
      ask(api.GET("/artifacts", { params: { query: pageParam ? { cursor: pageParam } : {} }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? null,
  });
}

/** Of these the type is kept; all others are sent as bytes of none, which every server takes. */
const TYPES = new Set([
  "application/json",
  "application/pdf",
  "application/zip",
  "image/gif",
  "image/jpeg",
  "image/png",
  "image/webp",
  "text/csv",
  "text/markdown",
  "text/plain",
]);

export async function sendFile(file: File): Promise<Artifact> {
  const content = new Uint8Array(await file.arrayBuffer());
  return ask(
    api.POST("/artifacts", {
      params: { query: { name: file.name } },
      headers: { "content-type": TYPES.has(file.type) ? file.type : "application/octet-stream" },
      // The document calls a body of any media type a string; what is sent are the bytes.
      body: "",
      bodySerializer: () => content,
    }),
  );
}
