import type { Scope } from "@/api/types.ts";

/** What each scope opens, as people say it. */
export const SCOPES: readonly (readonly [Scope, string])[] = [
  ["runs:read", "look at runs, data and models"],
  ["runs:write", "start and stop runs, import data, write streams"],
  ["conversations:read", "look at conversations"],
  ["models:promote", "change the registry and where aliases point"],
  ["lab:read", "look at the lab"],
  ["lab:write", "change the lab and start its runs"],
  ["admin", "make and revoke tokens, and let go of old runs"],
];
