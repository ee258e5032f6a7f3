import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client.ts";
import type { Artifact } from "@/api/types.ts";
import { type ArtifactTable, artifactTable } from "./artifact_table.ts";
import { type TextHead, textHead } from "./artifact_text.ts";
import { type ParquetSchema, parquetSchema } from "./parquet_schema.ts";

/** What is larger is not loaded to be looked at. */
export const MOST_LOOKED_AT = 8_000_000;

export function artifactQuery(artifact_id: string) {
  return queryOptions({
    queryKey: ["artifact", artifact_id],
    queryFn: ({ signal }) =>
      ask(api.GET("/artifacts/{artifact_id}", { params: { path: { artifact_id } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export interface Looked {
  /** The digest of the bytes that came, computed here. */
  digest: string;
  table: ArtifactTable | null;
  parquet: ParquetSchema | null;
  text: TextHead | null;
}

/** Loads the bytes, hashes them here, and reads what they hold. */
export function contentQuery({ artifact_id, media_type, size_bytes }: Artifact) {
  return queryOptions({
    queryKey: ["artifact", artifact_id, "content"],
    queryFn: async ({ signal }): Promise<Looked> => {
      const params = { path: { artifact_id } };
      const call = api.GET("/artifacts/{artifact_id}/content", { params, signal, parseAs: "arrayBuffer" });
      const bytes = new Uint8Array(await ask<ArrayBuffer>(call));
      return {
        digest: bytesToHex(sha256(bytes)),
        table: artifactTable(media_type, bytes),
        parquet: media_type === "application/vnd.apache.parquet" ? parquetSchema(bytes) : null,
        text: textHead(media_type, bytes),
      };
    },
    enabled: size_bytes <= MOST_LOOKED_AT,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function contentUrl(artifactId: string): string {
  return `/api/artifacts/${encodeURIComponent(artifactId)}/content`;
}
