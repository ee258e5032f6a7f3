/**
 * The way to a file's bytes. A link leads there for some minutes and then nowhere, so that one is made when somebody asks
 * for the bytes and kept by nobody.
 */
import { api, ask } from "@/api/client.ts";
import type { DownloadLink } from "@/api/types.ts";

/** A link that would end so soon may end on the way to the bytes. */
const SPARE_MS = 30_000;

export async function linkTo(artifactId: string): Promise<DownloadLink> {
  const link = await minted(artifactId);
  // While the machine slept the answer may have grown old.
  return isOver(link) ? minted(artifactId) : link;
}

function minted(artifact_id: string): Promise<DownloadLink> {
  return ask(api.POST("/artifacts/{artifact_id}/download-url", { params: { path: { artifact_id } } }));
}

function isOver({ expires_at }: DownloadLink): boolean {
  return Date.parse(expires_at) - SPARE_MS <= Date.now();
}

/** The link from the origin of this page on; one of a store has an origin of its own. */
export function wholeUrl({ download_url }: DownloadLink): string {
  return new URL(download_url, location.origin).href;
}

export async function saveArtifact(artifactId: string): Promise<void> {
  const link = await linkTo(artifactId);
  const anchor = document.createElement("a");
  anchor.href = wholeUrl(link);
  anchor.download = link.filename;
  anchor.rel = "noopener";
  anchor.click();
}
