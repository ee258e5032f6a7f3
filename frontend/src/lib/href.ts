/** Addresses that others have written: only those of the web are followed, never a script's. */

/** The address if it may be followed; a relative one leads to this server. */
export function safeHref(url: string | null | undefined): string | null {
  if (!url) return null;
  try {
    const { protocol } = new URL(url, location.origin);
    return protocol === "https:" || protocol === "http:" ? url : null;
  } catch {
    return null;
  }
}
