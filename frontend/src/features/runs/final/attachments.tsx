import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FileText } from "lucide-react";
import { bytes } from "@/lib/format.ts";
import type { Attachment } from "@/lib/frames/types.ts";
import { safeHref } from "@/lib/href.ts";
import { buttonClass } from "@/ui/button.tsx";
import { Panel } from "@/ui/panel.tsx";
import { artifactQuery, contentUrl } from "../artifacts/artifact_queries.ts";
import { CopyLinkButton, DownloadButton } from "../artifacts/download_button.tsx";

/** Files of the answer. Their object is the truth; an address in a frame may long have expired. */
export function Attachments({ attachments }: { attachments: readonly Attachment[] }) {
  if (attachments.length === 0) return null;
  return (
    <Panel title="Attachments" isFlush>
      <ul className="divide-y divide-line">
        {attachments.map((attachment) => (
          <AttachmentRow key={attachment.object_id} attachment={attachment} />
        ))}
      </ul>
    </Panel>
  );
}

function AttachmentRow({ attachment }: { attachment: Attachment }) {
  const { object_id, filename, mime_type, size_bytes, tool_call_id } = attachment;
  const stored = useStored(object_id);
  const facts = [mime_type, size_bytes == null ? null : bytes(size_bytes), tool_call_id].filter(Boolean);
  return (
    <li data-attachment={object_id} className="px-4 py-2.5 grid gap-2 min-w-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <FileText className="size-4 text-ink-3" aria-hidden />
        <div className="min-w-0 flex-1 basis-48">
          <p className="font-medium break-words">{filename}</p>
          <p className="num text-xs text-ink-3 break-words">{facts.join(" · ")}</p>
        </div>
        <Way attachment={attachment} stored={stored} />
      </div>
      {stored === "here" && mime_type?.startsWith("image/") ? (
        <img
          src={contentUrl(object_id)}
          alt={filename}
          className="max-h-72 max-w-full w-fit rounded-md border border-line"
        />
      ) : null}
    </li>
  );
}

type Stored = "here" | "elsewhere" | "asking";

/** Whether this server holds the object. Only its own ids are asked for. */
function useStored(objectId: string): Stored {
  const isOurs = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(objectId);
  const artifact = useQuery({ ...artifactQuery(objectId), enabled: isOurs, retry: false });
  if (!isOurs || artifact.error) return "elsewhere";
  return artifact.data ? "here" : "asking";
}

function Way({ attachment, stored }: { attachment: Attachment; stored: Stored }) {
  const { object_id: artifactId, filename, url } = attachment;
  const recorded = safeHref(url);
  if (stored === "asking") return <span className="text-xs text-ink-3">looking for it…</span>;
  if (stored === "here") {
    return (
      <>
        <Link to="/artifacts/$artifactId" params={{ artifactId }} className={buttonClass("plain", "sm")}>
          Open
        </Link>
        <CopyLinkButton artifactId={artifactId} size="sm" />
        <DownloadButton artifactId={artifactId} name={filename} size="sm" />
      </>
    );
  }
  if (recorded === null) {
    return (
      <span className="text-xs text-ink-3 break-all">
        object <code className="font-mono">{artifactId}</code>, which is not kept here
      </span>
    );
  }
  return (
    <a
      className={buttonClass("plain", "sm")}
      href={recorded}
      target="_blank"
      rel="noreferrer noopener"
      title="The address as it was recorded. It may have expired."
    >
      Open the recorded address
    </a>
  );
}
