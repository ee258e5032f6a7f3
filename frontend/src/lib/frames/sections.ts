/** Which section a frame belongs to: sections are keyed by branch and response, so that branches cannot mix. */
import type { Cow } from "./cow.ts";
import { type Place, SectionIndex, type Stamp } from "./place.ts";
import { type Branch, emptySection, type Section, type TranscriptState } from "./state.ts";
import type { Envelope } from "./types.ts";
import { branchOf } from "./wire.ts";

/** Finds sections by branch and response. It can be made again from the transcript. */
export class Sections {
  readonly #header: SectionIndex;
  readonly #sections: SectionIndex[];
  readonly #byResponse = new Map<string, number>();
  /** The section that is current in each branch. */
  readonly #current = new Map<string, number>();

  constructor({ header, sections }: TranscriptState) {
    this.#header = new SectionIndex(header);
    this.#sections = sections.map((section) => new SectionIndex(section));
    sections.forEach(({ branch, response_id }, at) => {
      if (branch) this.#current.set(keyOf(branch), at);
      if (response_id !== null) this.#byResponse.set(keyOf(branch, response_id), at);
    });
  }

  /** The section a frame is written to, made if there is none. */
  place(cow: Cow, state: TranscriptState, envelope: Envelope, stamp: Stamp): Place {
    const branch = branchOf(envelope);
    const response = envelope.response_id ?? null;
    if (branch === null && response === null) {
      return { cow, section: cow.own(state, "header"), index: this.#header, stamp };
    }
    const sections = cow.own(state, "sections");
    const at = this.#position(branch, response) ?? this.#open(sections, cow, branch);
    const section = cow.at(sections, at);
    if (response !== null) {
      section.response_id = response;
      this.#byResponse.set(keyOf(branch, response), at);
    }
    const index = this.#sections[at] ?? new SectionIndex(section);
    return { cow, section, index, stamp };
  }

  /** The section that a frame would be written to, if it exists. */
  find(cow: Cow, state: TranscriptState, envelope: Envelope): Section | null {
    const branch = branchOf(envelope);
    const response = envelope.response_id ?? null;
    if (branch === null && response === null) return cow.own(state, "header");
    const key = keyOf(branch, response);
    const at = response === null ? this.#current.get(key) : this.#byResponse.get(key);
    return at === undefined ? null : cow.at(cow.own(state, "sections"), at);
  }

  /** A frame without a response belongs to what its branch is doing; a first response takes what waited for it. */
  #position(branch: Branch | null, response: string | null): number | undefined {
    const current = branch === null ? undefined : this.#current.get(keyOf(branch));
    if (response === null) return current;
    const named = this.#byResponse.get(keyOf(branch, response));
    return named ?? (current !== undefined && this.#unnamed.has(current) ? current : undefined);
  }
}
