/** Frames about tool calls, and the pieces of fields too large for one frame. */
import type { ItemFields, Json, JsonObject, Maybe } from "./types.ts";

export type ToolType =
  | "web_search"
  | "file_search"
  | "code_interpreter"
  | "image_generation"
  | "function"
  | "mcp"
  | "agent";

export type CallType = "function" | "mcp" | "agent";

export interface FileResult {
  file_id: string;
  filename?: Maybe<string>;
  score?: Maybe<number>;
  vector_store_id?: Maybe<string>;
  attributes?: Maybe<JsonObject>;
  text?: Maybe<string>;
}

interface Arguments {
  arguments_text?: Maybe<string>;
  arguments_json?: Maybe<JsonObject>;
  output?: Json;
}

export type Tool = { tool_call_id: string } & (
  | {
      tool_type: "web_search";
      status: "in_progress" | "searching" | "completed";
      query?: Maybe<string>;
      sources?: Maybe<string[]>;
    }
  | {
      tool_type: "file_search";
      status: "in_progress" | "searching" | "completed";
      queries?: Maybe<string[]>;
      results?: Maybe<FileResult[]>;
    }
  | {
      tool_type: "code_interpreter";
      status: "in_progress" | "interpreting" | "completed";
      container_id?: Maybe<string>;
      container_mode?: Maybe<"auto" | "explicit">;
    }
  | {
      tool_type: "image_generation";
      status: "in_progress" | "generating" | "partial_image" | "completed";
      revised_prompt?: Maybe<string>;
      format?: Maybe<string>;
      size?: Maybe<string>;
      quality?: Maybe<string>;
      background?: Maybe<string>;
      partial_image_index?: Maybe<number>;
    }
  | ({ tool_type: "function"; status: "in_progress" | "completed" | "failed"; name: string } & Arguments)
  | ({
      tool_type: "mcp";
      status: "awaiting_approval" | "in_progress" | "completed" | "failed";
      tool_name: string;
      server_label?: Maybe<string>;
    } & Arguments)
  | {
      tool_type: "agent";
      status: "in_progress" | "completed" | "failed";
      name: string;
      agent?: Maybe<string>;
    }
);

export interface ToolStatus extends ItemFields {
  kind: "tool.status";
  tool: Tool;
}

export interface ToolArgumentsDelta extends ItemFields {
  kind: "tool.arguments.delta";
  tool_call_id: string;
  tool_type: CallType;
  tool_name: string;
  delta: string;
}

export interface ToolArgumentsDone extends ItemFields {
  kind: "tool.arguments.done";
  tool_call_id: string;
  tool_type: CallType;
  tool_name: string;
  arguments_text: string;
  arguments_json?: Maybe<JsonObject>;
}

export interface ToolCodeDelta extends ItemFields {
  kind: "tool.code.delta";
  tool_call_id: string;
  delta: string;
}

export interface ToolCodeDone extends ItemFields {
  kind: "tool.code.done";
  tool_call_id: string;
  code: string;
}

export interface ToolOutput extends ItemFields {
  kind: "tool.output";
  tool_call_id: string;
  tool_type: ToolType;
  output: Json;
}

export interface ToolApproval extends ItemFields {
  kind: "tool.approval";
  tool_call_id: string;
  tool_type: "mcp";
  tool_name: string;
  server_label?: Maybe<string>;
  approval_request_id?: Maybe<string>;
  approved: boolean;
  reason?: Maybe<string>;
}

export interface ChunkTarget {
  entity_kind: "tool_call" | "message";
  entity_id: string;
  field: string;
  part_index?: Maybe<number>;
}

export interface ChunkDelta extends ItemFields {
  kind: "chunk.delta";
  target: ChunkTarget;
  encoding?: Maybe<"base64" | "utf8">;
  chunk_index: number;
  data: string;
}

export interface ChunkDone extends ItemFields {
  kind: "chunk.done";
  target: ChunkTarget;
}
