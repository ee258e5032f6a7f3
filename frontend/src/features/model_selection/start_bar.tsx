import { Play } from "lucide-react";
import { Button } from "@/ui/button.tsx";

/** The foot of a form: what still keeps it from starting, or that nothing does, and the way on. */
export function StartBar(props: {
  blocker: string | null;
  ready: string;
  label: string;
  isPending: boolean;
  onStart: () => void;
}) {
  const { blocker, ready, label, isPending, onStart } = props;
  return (
    <div className="flex flex-wrap items-center gap-3 border-t border-line -mx-4 -mb-4 px-4 py-3 bg-sunken rounded-b-lg">
      <p className="text-sm text-ink-2 num">{blocker ?? ready}</p>
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
