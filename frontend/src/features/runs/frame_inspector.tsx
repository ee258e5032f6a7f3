import { useVirtualizer } from "@tanstack/react-virtual";
import clsx from "clsx";
import { useEffect, useRef, useState } from "react";
import { bytes, clockTime, shortDigest } from "@/lib/format.ts";
import { CopyButton } from "@/ui/copy.tsx";
import { JsonView } from "@/ui/json_view.tsx";
import type { RunLog } from "./log.ts";

const ROW_PX = 26;

/** Every frame as it was sent: a list of any length, and the raw text of the chosen one. */
export function FrameInspector(props: {
  log: RunLog;
  length: number;
  seq: number;
  onSelect: (seq: number) => void;
}) {
  const { log, length, seq, onSelect } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [isRaw, setRaw] = useState(false);
  const rows = useVirtualizer({
    count: length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  });
  useEffect(() => {
    if (seq > 0 && seq <= length) rows.scrollToIndex(seq - 1, { align: "auto" });
  }, [rows, seq, length]);
  const line = log.lines[seq - 1];
  return (
    <div className="grid lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)] gap-4">
      <div className="bg-surface border border-line rounded-lg overflow-hidden">
        <div className="grid grid-cols-[3.5rem_8rem_1fr_4rem] gap-2 px-3 h-8 items-center border-b border-line eyebrow">
          <span>Seq</span>
          <span>Time</span>
          <span>Kind</span>
          <span className="text-right">Size</span>
        </div>
        <div
          ref={scroller}
          role="listbox"
          aria-label="Frames"
          tabIndex={0}
          aria-activedescendant={line ? `frame-${seq}` : undefined}
          className="h-[28rem] overflow-auto"
          onKeyDown={(event) => {
            const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
            if (by === 0) return;
            event.preventDefault();
            onSelect(Math.min(length, Math.max(1, seq + by)));
          }}
        >
          <div style={{ height: rows.getTotalSize() }} className="relative">
            {rows.getVirtualItems().map((row) => {
              const each = log.lines[row.index];
              if (!each) return null;
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox handles the keys for all of its options
                // biome-ignore lint/a11y/useFocusableInteractive: focus stays on the listbox, which names its active option
                <div
                  key={each.seq}
                  id={`frame-${each.seq}`}
                  role="option"
                  aria-selected={each.seq === seq}
                  aria-posinset={each.seq}
                  aria-setsize={length}
                  onClick={() => onSelect(each.seq)}
                  style={{ transform: `translateY(${row.start}px)`, height: ROW_PX }}
                  className={clsx(
                    "absolute inset-x-0 top-0 grid grid-cols-[3.5rem_8rem_1fr_4rem] gap-2 px-3 items-center text-xs cursor-pointer num",
                    each.seq === seq ? "bg-accent-wash" : "hover:bg-hover",
                  )}
                >
                  <span className="text-ink-3">{each.seq}</span>
                  <span className="text-ink-2">{clockTime(each.frame.server_timestamp)}</span>
                  <span className="font-mono truncate">{each.frame.kind}</span>
                  <span className="text-right text-ink-3">{bytes(each.text.length)}</span>
                </div>
              );
            })}
          </div>
        </div>
      </div>
      <div className="bg-surface border border-line rounded-lg min-w-0">
        <div className="flex items-center gap-2 px-3 h-8 border-b border-line text-xs">
          <span className="eyebrow">Frame {seq || "–"}</span>
          {line ? (
            <>
              <span className="text-ink-3 truncate">
                head{" "}
                <code className="font-mono" title={log.headHex(seq)}>
                  {shortDigest(log.headHex(seq))}
                </code>
              </span>
              <button
                type="button"
                className="ml-auto text-accent hover:underline"
                onClick={() => setRaw(!isRaw)}
              >
                {isRaw ? "Indented" : "As sent"}
              </button>
              <CopyButton isBare text={line.text} label="Copy frame" />
            </>
          ) : null}
        </div>
        <div className="p-3">
          {line ? (
            <JsonView value={isRaw ? line.text : line.frame} label={`Frame ${seq}`} />
          ) : (
            <p className="text-sm text-ink-3">Choose a frame to read it.</p>
          )}
        </div>
      </div>
    </div>
  );
}
