import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { PLACES } from "./places.ts";

/** How long after `g` the second key still belongs to it. */
const SEQUENCE_MS = 1_200;

/** Ctrl/⌘K, `?`, and `g` followed by a place. Keys typed into a field belong to the field. */
export function useShortcuts({ onPalette, onHelp }: { onPalette: () => void; onHelp: () => void }): void {
  const navigate = useNavigate();
  const calls = useRef({ onPalette, onHelp });
  calls.current = { onPalette, onHelp };
  useEffect(() => {
    // Never: events count their time from the page's beginning, which may be a moment ago.
    let goAt = Number.NEGATIVE_INFINITY;
    const onKey = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        calls.current.onPalette();
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
      const place = PLACES.find(({ key }) => key === event.key);
      if (event.key === "?") calls.current.onHelp();
      else if (place && event.timeStamp - goAt < SEQUENCE_MS) void navigate({ to: place.to });
      goAt = event.key === "g" ? event.timeStamp : Number.NEGATIVE_INFINITY;
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [navigate]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest("input, select, textarea, [contenteditable], [role=dialog]") !== null
  );
}
