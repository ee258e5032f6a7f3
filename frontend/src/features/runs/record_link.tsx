import { Link } from "@tanstack/react-router";
import { ArrowRight } from "lucide-react";
import { buttonClass } from "@/ui/button.tsx";

/** From what a run came to, to its frames. */
export function RecordLink({ runId }: { runId: string }) {
  return (
    <Link to="/runs/$runId" params={{ runId }} className={buttonClass("plain", "sm")}>
      Open the record <ArrowRight aria-hidden />
    </Link>
  );
}
