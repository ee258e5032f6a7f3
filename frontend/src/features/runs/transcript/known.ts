/** What blocks need to know beyond their own item. */
import type { Omission } from "@/lib/frames/state.ts";
import type { OmissionView } from "./block.ts";

export interface Known {
  /** Artifacts the run has left, by id: what is cited may be one of them. */
  artifacts: ReadonlySet<string>;
  omissions: OmissionsByItem;
  /** Nothing more comes: what is not whole stays so. */
  hasEnded: boolean;
}

/** Notices stand beside what they speak of. */
export class OmissionsByItem {
  readonly #byItem = new Map<string, OmissionView[]>();

  constructor(omissions: readonly Omission[]) {
    for (const { event_id: eventId, item_id, type, path, message } of omissions) {
      if (item_id === null) continue;
      const of = this.#byItem.get(item_id) ?? [];
      of.push({ eventId, type, path, message });
      this.#byItem.set(item_id, of);
    }
  }

  of(...itemIds: string[]): OmissionView[] {
    if (this.#byItem.size === 0) return [];
    return itemIds.flatMap((id) => this.#byItem.get(id) ?? []);
  }
}

/** For who asks for no sources and no notices. */
export const NOTHING_KNOWN: Known = {
  artifacts: new Set(),
  omissions: new OmissionsByItem([]),
  hasEnded: false,
};
