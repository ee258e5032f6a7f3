import { Scissors, Unplug } from "lucide-react";
import { ProblemNote } from "@/ui/problem_note.tsx";
import type { LogState } from "./log.ts";
import { wereLetGo } from "./verified_badge.tsx";

/**
 * Says that the page shows less than there is, as the server is away or the stream is broken for good; and of a run that
 * goes on, that its frames come by another way than they should.
 */
export function StreamNote({ state, isOpen }: { state: LogState; isOpen: boolean }) {
  const { stream, length } = state;
  if (wereLetGo(state)) return <Hole message={stream.phase === "broken" ? stream.problem.message : ""} />;
  if (stream.phase === "broken") return <ProblemNote error={stream.problem} />;
  if (stream.phase === "open" && stream.way === "events" && isOpen) return <Detour />;
  if (stream.phase !== "waiting") return null;
  return (
    <div
      role="status"
      data-testid="stream-note"
      className="flex items-start gap-2 text-sm bg-warn-wash border border-line rounded-lg px-3 py-2"
    >
      <Unplug className="size-4 mt-0.5 shrink-0 text-warn" aria-hidden />
      <p>
        <strong className="font-semibold text-warn">
          {stream.problem.status === 0 ? "The server does not answer." : stream.problem.title}
        </strong>{" "}
        Asking again (attempt {stream.attempt}).{" "}
        {length > 0
          ? `What is shown is as of frame ${length}; nothing is lost, it goes on after it.`
          : "The run itself is not lost."}
      </p>
    </div>
  );
}

function Detour() {
  return (
    <p role="status" data-testid="stream-way" className="text-xs text-ink-3">
      Something on the way to the server, such as a proxy, lets no WebSocket through. The frames come as an
      event stream instead; nothing is missing.
    </p>
  );
}

/** Not an error: somebody let go of frames, and what is left says so. */
function Hole({ message }: { message: string }) {
  return (
    <div
      role="note"
      data-testid="hole"
      className="flex items-start gap-2 text-sm bg-warn-wash border border-line rounded-lg px-3 py-2"
    >
      <Scissors className="size-4 mt-0.5 shrink-0 text-warn" aria-hidden />
      <p>
        <strong className="font-semibold text-warn">
          Frames of this run were let go under a retention receipt.
        </strong>{" "}
        {message}. How it ended is kept, and the digests of the others prove that they were there.
      </p>
    </div>
  );
}
