import { useMutation } from "@tanstack/react-query";
import { Download, Link2 } from "lucide-react";
import { type ComponentProps, useEffect, useState } from "react";
import { asProblem } from "@/api/problem.ts";
import { absoluteTime } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { linkTo, saveArtifact, wholeUrl } from "./download.ts";

type Look = Pick<ComponentProps<typeof Button>, "kind" | "size">;

/** Saves a file. The link to its bytes is made when it is pressed: there is none that could have expired. */
export function DownloadButton(props: Look & { artifactId: string; name: string; isBare?: boolean }) {
  const { artifactId, name, isBare = false, ...look } = props;
  const saved = useMutation({ mutationFn: () => saveArtifact(artifactId) });
  const label = `Download ${name}`;
  return (
    <>
      <Button
        {...look}
        aria-label={label}
        title={label}
        disabled={saved.isPending}
        onClick={() => saved.mutate()}
      >
        <Download aria-hidden /> {isBare ? null : "Download"}
      </Button>
      {saved.error ? <Refused error={saved.error} /> : null}
    </>
  );
}

/** Copies a link that leads to the file for a while, also without a token, and says until when. */
export function CopyLinkButton({ artifactId, ...look }: Look & { artifactId: string }) {
  const [until, setUntil] = useState<string | null>(null);
  const copied = useMutation({
    mutationFn: async () => {
      const link = await linkTo(artifactId);
      await navigator.clipboard.writeText(wholeUrl(link));
      return link.expires_at;
    },
    onSuccess: setUntil,
  });
  useEffect(() => {
    if (until === null) return;
    const timer = setTimeout(() => setUntil(null), Math.max(0, Date.parse(until) - Date.now()));
    return () => clearTimeout(timer);
  }, [until]);
  return (
    <>
      <Button {...look} disabled={copied.isPending} onClick={() => copied.mutate()}>
        <Link2 aria-hidden /> Copy link
      </Button>
      {until ? (
        <span role="status" className="order-last basis-full text-xs text-ink-2">
          Copied. Whoever has the link has the file until {absoluteTime(until)}.
        </span>
      ) : null}
      {copied.error ? <Refused error={copied.error} /> : null}
    </>
  );
}

function Refused({ error }: { error: unknown }) {
  return (
    <span role="alert" className="order-last basis-full text-xs text-fail break-words">
      {asProblem(error).message}
    </span>
  );
}
