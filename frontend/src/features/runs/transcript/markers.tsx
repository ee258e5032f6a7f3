import { ArrowRight, BookmarkMinus } from "lucide-react";
import type { ReactNode } from "react";
import { clockTime, words } from "@/lib/format.ts";
import { Badge } from "@/ui/status.tsx";
import type { CheckpointBlock, HandOffBlock, SpeakerBlock } from "./block.ts";
import { checkpointFacts, checkpointTitle } from "./checkpoint.ts";

/** A line between blocks: something happened here that is no item. */
function Marker(props: { icon: ReactNode; at: string; type: string; children: ReactNode }) {
  return (
    <div
      data-block={props.type}
      className="flex items-start gap-2 text-sm text-ink-2 border-l-2 border-line-strong pl-3 py-0.5"
    >
      <span className="mt-0.5 text-ink-3 [&_svg]:size-3.5" aria-hidden>
        {props.icon}
      </span>
      <div className="min-w-0 flex-1">{props.children}</div>
      <time dateTime={props.at} title={props.at} className="num text-xs text-ink-3 max-sm:hidden">
        {clockTime(props.at)}
      </time>
    </div>
  );
}

/** The memory was made smaller. It changes nothing of what stands above. */
export function CheckpointMarker({ block: { checkpoint, at } }: { block: CheckpointBlock }) {
  const facts = checkpointFacts(checkpoint);
  return (
    <Marker icon={<BookmarkMinus />} at={at} type="checkpoint">
      <p className="font-medium text-ink">{checkpointTitle(checkpoint)}</p>
      {facts.length > 0 ? <p className="num text-xs text-ink-3">{facts.join(" · ")}</p> : null}
    </Marker>
  );
}

export function HandOffMarker({ block: { from, to, nth, at } }: { block: HandOffBlock }) {
  return (
    <Marker icon={<ArrowRight />} at={at} type="hand_off">
      {from ? (
        <>
          <strong className="font-medium text-ink">{from}</strong> hands over to{" "}
        </>
      ) : (
        "Handed over to "
      )}
      <strong className="font-medium text-ink">{to}</strong>
      {nth === null ? null : <span className="num text-xs text-ink-3"> · hand-off {nth}</span>}
    </Marker>
  );
}

export function SpeakerLine({ block: { label, lifecycle, reason } }: { block: SpeakerBlock }) {
  return (
    <p data-block="speaker" className="flex flex-wrap items-center gap-2 text-xs text-ink-3 pt-1">
      <span className="font-medium">{label}</span>
      {lifecycle ? <Badge status={lifecycle} /> : null}
      {reason ? <span>{words(reason)}</span> : null}
      <span aria-hidden className="h-px flex-1 min-w-8 bg-line" />
    </p>
  );
}
