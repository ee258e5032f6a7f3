import { Link } from "@tanstack/react-router";
import { ExternalLink, FileText } from "lucide-react";
import type { CitationView } from "./block.ts";

/** The sources of a message, numbered, each with the passage it belongs to. */
export function Citations({ citations }: { citations: readonly CitationView[] }) {
  if (citations.length === 0) return null;
  return (
    <div className="border-t border-line pt-2">
      <p className="eyebrow">Sources</p>
      <ol className="grid gap-0.5 text-sm list-decimal list-inside marker:text-ink-3 marker:text-xs">
        {citations.map((citation, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a source may be cited twice, and the list only grows
          <li key={at} data-citation={citation.sort} className="break-words">
            <Source citation={citation} />
            {citation.quote ? (
              <span className="text-xs text-ink-3"> on “{shortened(citation.quote)}”</span>
            ) : null}
          </li>
        ))}
      </ol>
    </div>
  );
}

const LINK = "text-accent hover:underline break-words";

/** An artifact of the run leads to its page; another address leads away, and says so. */
function Source({ citation: { sort, label, href, artifactId } }: { citation: CitationView }) {
  const icon =
    sort === "url" ? (
      <ExternalLink className="inline size-3 mr-1 text-ink-3" aria-hidden />
    ) : (
      <FileText className="inline size-3 mr-1 text-ink-3" aria-hidden />
    );
  if (artifactId !== null) {
    return (
      <Link to="/artifacts/$artifactId" params={{ artifactId }} className={LINK}>
        {icon}
        {label}
      </Link>
    );
  }
  if (href === null) {
    return (
      <span title="No address of it was recorded.">
        {icon}
        {label}
      </span>
    );
  }
  return (
    <a href={href} target="_blank" rel="noreferrer noopener" title={href} className={LINK}>
      {icon}
      {label}
    </a>
  );
}

const LONGEST_QUOTE = 80;

function shortened(quote: string): string {
  return quote.length > LONGEST_QUOTE ? `${quote.slice(0, LONGEST_QUOTE).trimEnd()}…` : quote;
}
