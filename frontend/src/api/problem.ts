/** What the server says when it refuses: RFC 9457 `application/problem+json`, as an error that can be thrown. */

export interface FieldProblem {
  field: string;
  message: string;
}

export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly requestId: string | null;
  readonly fields: readonly FieldProblem[];

  constructor(facts: {
    status: number;
    code: string;
    title: string;
    detail: string;
    requestId?: string | null;
    fields?: readonly FieldProblem[];
  }) {
    super(facts.detail);
    this.name = "ApiProblem";
    this.status = facts.status;
    this.code = facts.code;
    this.title = facts.title;
    this.requestId = facts.requestId ?? null;
    this.fields = facts.fields ?? [];
  }

  /** What a user pastes into a report. */
  toText(): string {
    const lines = [`${this.code} (${this.status}) ${this.title}`, this.message];
    for (const { field, message } of this.fields) lines.push(`- ${field}: ${message}`);
    if (this.requestId) lines.push(`request ${this.requestId}`);
    return lines.join("\n");
  }
}

/** Reads any refused response, also one that a proxy wrote instead of the server. */
export function problemOf(status: number, body: unknown): ApiProblem {
  const facts = isRecord(body) ? body : {};
  return new ApiProblem({
    status,
    code: text(facts.code) ?? `HTTP_${status}`,
    title: text(facts.title) ?? "The server refused the request",
    detail: text(facts.detail) ?? text(facts.title) ?? `The server answered with status ${status}.`,
    requestId: text(facts.request_id) ?? null,
    fields: Array.isArray(facts.errors) ? facts.errors.filter(isFieldProblem) : [],
  });
}

export function unreachable(cause: unknown): ApiProblem {
  return new ApiProblem({
    status: 0,
    code: "UNREACHABLE",
    title: "The server cannot be reached",
    detail: `No answer from ${location.host}. Is \`assay serve\` running? (${cause instanceof Error ? cause.message : String(cause)})`,
  });
}

/** Any thrown value as a problem, so that one component can show all of them. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new ApiProblem({ status: 0, code: "CLIENT_ERROR", title: "This page failed", detail });
}

/** What the server says of one field of what was sent; absent if it says nothing. */
export function fieldMessage(error: unknown, field: string): string | null {
  if (!(error instanceof ApiProblem)) return null;
  return error.fields.find((each) => each.field === field)?.message ?? null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isFieldProblem(value: unknown): value is FieldProblem {
  return isRecord(value) && typeof value.field === "string" && typeof value.message === "string";
}
