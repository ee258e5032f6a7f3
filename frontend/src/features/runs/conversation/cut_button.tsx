import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Scissors } from "lucide-react";
import { useState } from "react";
import { count, plural } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { Confirm } from "@/ui/dialog.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { cutConversation } from "./conversation_queries.ts";
import type { Place } from "./segments.ts";

interface Props {
  conversationId: string;
  place: Place | null;
  title: string;
  /** How many frames of the conversation come after the place. */
  behind: number;
  /** Frames may follow that are not loaded. */
  hasMore: boolean;
}

/** Leaves out of the conversation what stands behind the moment that is shown, once its reader has agreed. */
export function CutButton({ conversationId, place, title, behind, hasMore }: Props) {
  const [isAsked, ask] = useState(false);
  const queries = useQueryClient();
  const cut = useMutation({
    mutationFn: ({ runId, seq }: Place) => cutConversation(conversationId, { run_id: runId, seq }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["conversation", conversationId] }),
  });
  const isAtEnd = behind === 0 && !hasMore;
  return (
    <>
      <Button
        size="sm"
        disabled={place === null || isAtEnd || cut.isPending}
        title={isAtEnd ? "Nothing stands behind the last frame" : undefined}
        onClick={() => ask(true)}
      >
        <Scissors aria-hidden /> Cut here…
      </Button>
      <Confirm
        isOpen={isAsked}
        onClose={() => ask(false)}
        onConfirm={() => place && cut.mutate(place)}
        title="Cut the conversation here?"
        confirm="Cut it"
        keep="Leave it"
      >
        {place ? (
          <>
            What stands behind frame {count(place.seq)} of “{title}” is left out of this conversation:{" "}
            {hasMore ? `${plural(behind, "frame")} and those that follow` : plural(behind, "frame")}. Nothing
            is erased: every run keeps its frames, and its own page shows them. A cut cannot be taken back.
          </>
        ) : null}
      </Confirm>
      {cut.error ? <ProblemNote error={cut.error} title="It was not cut" /> : null}
    </>
  );
}
