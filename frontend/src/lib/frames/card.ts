/** A tool call as one card: what frames say of it. */
import type { Cow } from "./cow.ts";
import type { Stamp } from "./place.ts";
import { CARD_STATUSES, type Card, type CardStatus, type Details } from "./state.ts";
import type {
  JsonObject,
  Maybe,
  OutputItem,
  Scope,
  Tool,
  ToolApproval,
  ToolBody,
  ToolType,
} from "./types.ts";
import { resultsOf } from "./wire.ts";

/** A frame that speaks of a tool call. A placeholder does not know the call yet. */
export interface Sighting {
  item_id: string;
  tool_call_id: string | null;
  tool_type: ToolType;
  body: ToolBody | OutputItem;
}

/** The tool an item of this type will show. */
const PLACEHOLDERS: { [item_type: string]: ToolType } = {
  web_search_call: "web_search",
  file_search_call: "file_search",
  code_interpreter_call: "code_interpreter",
  image_generation_call: "image_generation",
  mcp_call: "mcp",
  function_call: "function",
  custom_tool_call: "function",
};

export function sightingOf(body: ToolBody | OutputItem): Sighting | null {
  const { item_id } = body;
  switch (body.kind) {
    case "output_item.done":
      return null;
    case "output_item.added": {
      const tool_type = Object.hasOwn(PLACEHOLDERS, body.item_type)
        ? PLACEHOLDERS[body.item_type]
        : undefined;
      return tool_type ? { item_id, tool_call_id: null, tool_type, body } : null;
    }
    case "tool.status":
      return { item_id, tool_call_id: body.tool.tool_call_id, tool_type: body.tool.tool_type, body };
    case "tool.code.delta":
    case "tool.code.done":
      return { item_id, tool_call_id: body.tool_call_id, tool_type: "code_interpreter", body };
    default:
      return { item_id, tool_call_id: body.tool_call_id, tool_type: body.tool_type, body };
  }
}

/** Takes what a frame says of the call. A value that is absent keeps what was known. */
export function patchCard(
  cow: Cow,
  card: Card,
  { tool_call_id, tool_type, body }: Sighting,
  stamp: Stamp,
): void {
  card.last_event_id = stamp.event_id;
  if (tool_call_id !== null) card.tool_type = tool_type;
  switch (body.kind) {
    case "tool.status":
      tool(cow, card, body.tool, stamp);
      return;
    case "tool.arguments.delta":
      card.name = body.tool_name;
      if (!card.is_arguments_done) card.arguments_text = (card.arguments_text ?? "") + body.delta;
      rise(card, "preparing", stamp);
      return;
    case "tool.arguments.done":
      card.name = body.tool_name;
      card.arguments_text = body.arguments_text;
      card.arguments_json = body.arguments_json ?? card.arguments_json;
      card.is_arguments_done = true;
      rise(card, "preparing", stamp);
      return;
    case "tool.code.delta":
      if (!card.is_code_done) card.code = (card.code ?? "") + body.delta;
      rise(card, "preparing", stamp);
      return;
    case "tool.code.done":
      card.code = body.code;
      card.is_code_done = true;
      rise(card, "preparing", stamp);
      return;
    case "tool.output":
      card.has_output = true;
      card.output = body.output;
      rise(card, "completed", stamp);
      return;
    case "tool.approval":
      decide(card, body, stamp);
      return;
  }
}

/** Takes what a frame of the nested agent run says of the call. */
export function encloseCard(card: Card, scope: Scope, stamp: Stamp): void {
  card.last_event_id = stamp.event_id;
  card.name ??= scope.tool_name ?? null;
  card.agent ??= scope.agent ?? null;
  rise(card, "running", stamp);
}

export function newCard(tool_call_id: string, tool_type: ToolType, { event_id, at }: Stamp): Card {
  return {
    tool_call_id,
    item_ids: [],
    tool_type,
    name: null,
    server_label: null,
    agent: null,
    status: "pending",
    arguments_text: null,
    arguments_json: null,
    is_arguments_done: false,
    code: null,
    is_code_done: false,
    details: newDetails(),
    has_output: false,
    output: null,
    approval: null,
    nested: null,
    first_event_id: event_id,
    last_event_id: event_id,
    started_at: at,
    ended_at: null,
  };
}

function newDetails(): Details {
  return {
    query: null,
    sources: null,
    queries: null,
    results: null,
    container_id: null,
    container_mode: null,
    revised_prompt: null,
    format: null,
    size: null,
    quality: null,
    background: null,
    partial_image_index: null,
  };
}

function tool(cow: Cow, card: Card, said: Tool, stamp: Stamp): void {
  const details = cow.own(card, "details");
  switch (said.tool_type) {
    case "web_search":
      keep(details, { query: said.query, sources: said.sources });
      break;
    case "file_search":
      keep(details, { queries: said.queries, results: resultsOf(said.results) });
      break;
    case "code_interpreter":
      keep(details, { container_id: said.container_id, container_mode: said.container_mode });
      break;
    case "image_generation": {
      const { revised_prompt, format, size, quality, background, partial_image_index } = said;
      keep(details, { revised_prompt, format, size, quality, background, partial_image_index });
      break;
    }
    case "function":
      card.name = said.name;
      called(card, said);
      break;
    case "mcp":
      card.name = said.tool_name;
      card.server_label = said.server_label ?? card.server_label;
      called(card, said);
      break;
    case "agent":
      card.name = said.name;
      card.agent = said.agent ?? card.agent;
  }
  rise(card, statusOf(said), stamp);
}

function called(card: Card, said: Extract<Tool, { tool_type: "function" | "mcp" }>): void {
  card.arguments_text = said.arguments_text ?? card.arguments_text;
  card.arguments_json = (said.arguments_json as Maybe<JsonObject>) ?? card.arguments_json;
  if (said.output !== undefined && said.output !== null) {
    card.has_output = true;
    card.output = said.output;
  }
}

function keep(details: Details, said: { [K in keyof Details]?: Maybe<Details[K]> }): void {
  for (const [field, value] of Object.entries(said)) {
    if (value !== null && value !== undefined) Object.assign(details, { [field]: value });
  }
}

/** An approval is a step on the way and a denial an end of its own, so that neither looks like success. */
function decide(card: Card, said: ToolApproval, stamp: Stamp): void {
  card.name = said.tool_name;
  card.server_label = said.server_label ?? card.server_label;
  card.approval = {
    event_id: stamp.event_id,
    approved: said.approved,
    approval_request_id: said.approval_request_id ?? null,
    reason: said.reason ?? null,
  };
  rise(card, said.approved ? "approved" : "denied", stamp);
}

function statusOf({ status }: Tool): CardStatus {
  switch (status) {
    case "awaiting_approval":
    case "completed":
    case "failed":
      return status;
    default:
      return "running";
  }
}

/** A status only rises: a late frame never takes back what was shown. */
function rise(card: Card, status: CardStatus, { at }: Stamp): void {
  const rank = (word: CardStatus) => CARD_STATUSES.indexOf(word);
  if (rank(status) > rank(card.status)) card.status = status;
  if (rank(card.status) >= rank("completed")) card.ended_at ??= at;
}
