import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { shortDigest } from "@/lib/format.ts";
import { CopyButton } from "@/ui/copy.tsx";

/** What a page of the lab is about, and the way back to the lab. */
export function PageHeader(props: { title: string; sentence: ReactNode; aside?: ReactNode }) {
  const { title, sentence, aside } = props;
  return (
    <header className="flex flex-wrap items-start gap-3">
      <div className="grid gap-1 min-w-0 flex-1 basis-80">
        <p className="text-sm text-ink-3">
          <Link to="/lab" className="hover:text-ink hover:underline">
            Lab
          </Link>{" "}
          /
        </p>
        <h1 className="text-2xl font-semibold tracking-tight break-words">{title}</h1>
        <p className="text-ink-2 max-w-[80ch] text-pretty">{sentence}</p>
      </div>
      {aside ? <div className="flex flex-wrap gap-2 items-center">{aside}</div> : null}
    </header>
  );
}

/** What data are proven by, to be copied whole. */
export function DigestText({ digest, label }: { digest: string; label: string }) {
  return (
    <span className="font-mono text-xs whitespace-nowrap" title={digest}>
      {shortDigest(digest)}… <CopyButton isBare text={digest} label={`Copy ${label}`} />
    </span>
  );
}
