import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client.ts";
import type { MadeToken, NewToken, Session, Token } from "@/api/types.ts";

export function sessionQuery() {
  return queryOptions({
    queryKey: ["session"],
    queryFn: ({ signal }) => ask(api.GET("/session", { signal })),
  });
}

export function tokensQuery(isAllowed: boolean) {
  return queryOptions({
    queryKey: ["tokens"],
    queryFn: ({ signal }) => ask(api.GET("/access/tokens", { signal })),
    enabled: isAllowed,
  });
}

/** The server keeps the oldest first; these are the last that there are. */
export function eventsQuery(isAllowed: boolean) {
  return queryOptions({
    queryKey: ["access-events"],
    queryFn: ({ signal }) => ask(api.GET("/access/events", { params: { query: { limit: 1000 } }, signal })),
    enabled: isAllowed,
  });
}

export async function signIn(token: string): Promise<Session> {
  return ask(api.POST("/session", { body: { token } }));
}

export async function signOut(): Promise<void> {
  // An answer without a body is none that `ask` knows.
  const { response, error } = await api.DELETE("/session");
  if (!response.ok) throw error;
}

export async function createToken(body: NewToken): Promise<MadeToken> {
  return ask(api.POST("/access/tokens", { body }));
}

export async function revokeToken(tokenId: string): Promise<Token> {
  return ask(api.DELETE("/access/tokens/{token_id}", { params: { path: { token_id: tokenId } } }));
}
