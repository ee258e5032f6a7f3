import type { Planned } from "../planned.ts";
import type { BlockView, ToolBlock } from "./block.ts";
import { CheckpointMarker, HandOffMarker, SpeakerLine } from "./markers.tsx";
import { Message } from "./message.tsx";
import { Reasoning } from "./reasoning.tsx";
import { ToolCard } from "./tool_card.tsx";

interface Props {
  blocks: readonly BlockView[];
  planned: Planned;
  /** Nothing more is said: what is open stays so. */
  hasEnded: boolean;
}

/** Blocks in reading order. Calls that follow each other stand in one list. */
export function BlockList({ blocks, planned, hasEnded }: Props) {
  return grouped(blocks).map((group) =>
    Array.isArray(group) ? (
      <ul
        key={group[0]?.id}
        aria-label="Tool calls"
        className="bg-surface border border-line rounded-lg divide-y divide-line min-w-0"
      >
        {group.map((tool) => (
          <ToolCard key={tool.id} tool={tool} planned={planned} hasEnded={hasEnded}>
            {tool.nested.length > 0 ? (
              <BlockList blocks={tool.nested} planned={[]} hasEnded={hasEnded} />
            ) : null}
          </ToolCard>
        ))}
      </ul>
    ) : (
      <Block key={`${group.place} ${group.id}`} block={group} />
    ),
  );
}

type Other = Exclude<BlockView, ToolBlock>;

function grouped(blocks: readonly BlockView[]): (Other | ToolBlock[])[] {
  const groups: (Other | ToolBlock[])[] = [];
  for (const block of blocks) {
    const last = groups.at(-1);
    if (block.type !== "tool") groups.push(block);
    else if (Array.isArray(last)) last.push(block);
    else groups.push([block]);
  }
  return groups;
}

function Block({ block }: { block: Other }) {
  switch (block.type) {
    case "message":
      return <Message block={block} />;
    case "reasoning":
      return <Reasoning block={block} />;
    case "checkpoint":
      return <CheckpointMarker block={block} />;
    case "hand_off":
      return <HandOffMarker block={block} />;
    case "speaker":
      return <SpeakerLine block={block} />;
  }
}
