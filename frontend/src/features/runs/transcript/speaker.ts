/** Who speaks in a section. */
import { words } from "@/lib/format.ts";
import type { Section } from "@/lib/frames/state.ts";
import type { SpeakerBlock } from "./block.ts";

/** `null` where nobody has said it. */
export function speakerOf(section: Section): SpeakerBlock | null {
  const { workflow, branch, agent, agent_updates, lifecycle, first_event_id } = section;
  const step = workflow?.step_name ?? workflow?.stage_name;
  const parts = [
    step ? words(step) : null,
    branch?.branch_index == null ? null : `branch ${branch.branch_index + 1}`,
    // The section knows who speaks last; who began is whom the first hand-off names.
    agent_updates[0]?.from_agent ?? agent,
  ];
  const label = [...new Set(parts)].filter(Boolean).join(" · ");
  const isNews = lifecycle !== null && !QUIET.has(lifecycle.status);
  if (label === "" && !isNews) return null;
  return {
    type: "speaker",
    id: `speaker-${first_event_id}`,
    place: first_event_id ?? 0,
    label: label || "Response",
    lifecycle: isNews ? lifecycle.status : null,
    reason: isNews ? lifecycle.reason : null,
  };
}

/** What is as it should be needs no word. */
const QUIET: ReadonlySet<string> = new Set(["queued", "in_progress", "completed"]);
