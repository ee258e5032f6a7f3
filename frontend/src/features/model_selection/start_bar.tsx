import { Play } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/ui/button.tsx";

/** The foot of a form, always in sight: what still keeps it from starting, or that nothing does, and the way on. */
export function StartBar(props: {
  blocker: string | null;
  ready: ReactNode;
  label: string;
  isPending: boolean;
  onStart: () => void;
}) {
  const { blocker, ready, label, isPending, onStart } = props;
  return (
    <div className="sticky bottom-0 z-10 flex flex-wrap items-center gap-3 border-t border-line -mx-4 -mb-4 px-4 py-3 bg-sunken rounded-b-lg">
      <div className="text-sm text-ink-2 num min-w-0 flex-1 basis-40">{blocker ?? ready}</div>
      <Button
        kind="primary"
        className="ml-auto px-5"
        disabled={blocker !== null || isPending}
        onClick={onStart}
      >
        <Play aria-hidden /> {isPending ? "Starting…" : label}
      </Button>
    </div>
  );
}
