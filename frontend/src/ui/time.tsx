import { absoluteTime, relativeTime } from "@/lib/format.ts";
import { useNow } from "@/lib/now.ts";

/** When something happened: how long ago, with the exact time beside it or in the title. */
export function When({ at, isBoth = false }: { at: string | null | undefined; isBoth?: boolean }) {
  const now = useNow();
  if (!at) return <span className="text-ink-3">–</span>;
  return (
    <time dateTime={at} title={at} className="whitespace-nowrap">
      {relativeTime(at, now)}
      {isBoth ? <span className="text-ink-3"> · {absoluteTime(at)}</span> : null}
    </time>
  );
}
