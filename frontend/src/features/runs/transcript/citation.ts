/** What a message cites, and where that can be opened. */
import type { Citation } from "@/lib/frames/types.ts";
import { safeHref } from "@/lib/href.ts";
import type { CitationView } from "./block.ts";
import type { Known } from "./known.ts";

export function citationView(citation: Citation, text: string, { artifacts }: Known): CitationView {
  const quote = quoteOf(citation, text);
  switch (citation.type) {
    case "url_citation": {
      const { url, title } = citation;
      return { sort: "url", label: title || url || "A page", href: safeHref(url), artifactId: null, quote };
    }
    case "container_file_citation": {
      const { url, filename, file_id } = citation;
      const artifactId = artifacts.has(file_id) ? file_id : null;
      return { sort: "container_file", label: filename || file_id, href: safeHref(url), artifactId, quote };
    }
    case "file_citation": {
      const { filename, file_id } = citation;
      const artifactId = artifacts.has(file_id) || isUuid(file_id) ? file_id : null;
      return { sort: "file", label: filename || file_id, href: null, artifactId, quote };
    }
  }
}

/** Places count characters as people do, not the halves of them that JavaScript counts. */
function quoteOf({ start_index: from, end_index: to }: Citation, text: string): string | null {
  if (from == null || to == null || to <= from) return null;
  return [...text].slice(from, to).join("").trim() || null;
}

/** Only Assay's own files have such ids, and they are artifacts. */
function isUuid(id: string): boolean {
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(id);
}
