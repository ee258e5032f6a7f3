import { useModelName } from "@/ui/model_name.tsx";
import { estimateInWords, type PreviewState } from "./preview.ts";

/** What is about to start, and about how long it takes. */
export function Ready({ what, planned }: { what: string; planned: PreviewState }) {
  const { preview, isSettled } = planned;
  const nameOf = useModelName();
  const words = preview && isSettled ? estimateInWords(preview, nameOf) : null;
  return (
    <>
      <p>{what}</p>
      {words ? (
        <p role="status" className="text-xs text-ink-3">
          {words}
        </p>
      ) : null}
    </>
  );
}
