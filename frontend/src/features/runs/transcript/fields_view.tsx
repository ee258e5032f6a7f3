import { plural, words } from "@/lib/format.ts";
import { JsonView } from "@/ui/json_view.tsx";
import type { FieldView } from "./block.ts";
import { soFar } from "./images.tsx";

/** Fields that came in chunks, as far as they are here. */
export function Fields({ fields }: { fields: readonly FieldView[] }) {
  return fields.map(({ name, part, text, isWhole, isComing, chunks }) => {
    const label = part === null ? words(name) : `${words(name)} ${part + 1}`;
    return (
      <div key={`${name}${part}`} className="grid gap-1 min-w-0">
        <p className="eyebrow">{label}</p>
        {text === null ? (
          <p className="text-xs text-ink-3">Bytes in {plural(chunks, "chunk")}, not shown.</p>
        ) : (
          <JsonView value={text} label={label} />
        )}
        {isWhole ? null : <p className="text-xs text-ink-3">{soFar(chunks, isComing)}.</p>}
      </div>
    );
  });
}
