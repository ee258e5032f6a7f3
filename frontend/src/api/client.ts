/** The one client of the HTTP API, typed by the generated contract. The pages have no other way to the server. */
import createClient from "openapi-fetch";
import { problemOf, unreachable } from "./problem.ts";
import type { paths } from "./schema.d.ts";

export const api = createClient<paths>({
  baseUrl: typeof location === "undefined" ? "" : `${location.origin}/api`,
  // Looked up at each call: tests replace the global, and a captured one would slip past them.
  fetch: (request) => globalThis.fetch(request),
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a good answer; a thrown `ApiProblem` for every other. */
export async function ask<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw unreachable(cause);
  }
  if (answer.data !== undefined && answer.response.ok) return answer.data;
  throw problemOf(answer.response.status, answer.error);
}
