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
      if (branch) this.#current.set(branchKey(branch), at);
      if (response_id !== null) this.#byResponse.set(responseKey(branch, response_id), at);
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
    const at = this.#position(sections, branch, response) ?? this.#open(cow, sections, branch);
    const section = cow.at(sections, at);
    if (response !== null) {
      section.response_id = response;
      this.#byResponse.set(responseKey(branch, response), at);
    }
    return { cow, section, index: this.#index(at, section), stamp };
  }

  /** The section of the frame if it exists. */
  find(cow: Cow, state: TranscriptState, envelope: Envelope): Section | null {
    const branch = branchOf(envelope);
    const response = envelope.response_id ?? null;
    if (branch === null && response === null) return cow.own(state, "header");
    const at =
      response === null
        ? branch && this.#current.get(branchKey(branch))
        : this.#byResponse.get(responseKey(branch, response));
    return typeof at === "number" ? cow.at(cow.own(state, "sections"), at) : null;
  }

  /** A frame without a response belongs to what its branch is doing; a first response takes what waited for it. */
  #position(sections: Section[], branch: Branch | null, response: string | null): number | undefined {
    const current = branch === null ? undefined : this.#current.get(branchKey(branch));
    if (response === null) return current;
    const named = this.#byResponse.get(responseKey(branch, response));
    if (named !== undefined || current === undefined) return named;
    return sections[current]?.response_id === null ? current : undefined;
  }

  #open(cow: Cow, sections: Section[], branch: Branch | null): number {
    const at = sections.push(cow.adopt({ ...emptySection(), branch })) - 1;
    if (branch !== null) this.#current.set(branchKey(branch), at);
    return at;
  }

  #index(at: number, section: Section): SectionIndex {
    const index = this.#sections[at] ?? new SectionIndex(section);
    this.#sections[at] = index;
    return index;
  }
}

function branchKey({ stage_name, parallel_group, branch_index }: Branch): string {
  return JSON.stringify([stage_name, parallel_group, branch_index]);
}

function responseKey(branch: Branch | null, response: string): string {
  return JSON.stringify([branch && branchKey(branch), response]);
}
