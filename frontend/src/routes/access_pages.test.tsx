import { screen, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import type { AccessEvent, Session, Token } from "@/api/types.ts";
import { open, servePages } from "@/testing/pages.tsx";
import { answer, server, take } from "@/testing/server.ts";

servePages();

const TOKEN: Token = {
  token_id: "01a1fd49-b5ce-721a-ac79-000000000501",
  tenant: "local",
  name: "nightly import",
  scopes: ["runs:read"],
  state: "active",
  created_at: "2026-11-30T00:00:00Z",
};
const MADE: AccessEvent = {
  seq: 1,
  at: "2026-11-30T00:00:00Z",
  deed: "token.created",
  token_id: TOKEN.token_id,
  name: TOKEN.name,
  scopes: TOKEN.scopes,
};
const ALL: Session["scopes"] = ["runs:read", "lab:read", "admin"];

function serveAccess(session: Session, isVerified = true) {
  server.use(
    answer("/session", session),
    answer("/access/tokens", { items: [TOKEN] }),
    answer("/access/events", { items: [MADE], last_seq: 1, is_verified: isVerified }),
  );
}

test("nobody is shown the way in, and a token that is not known is told so", async () => {
  serveAccess({ asks: true, scopes: [] });
  const refusal = {
    code: "UNKNOWN_TOKEN",
    title: "Unauthorized",
    detail: "this token is not known here",
    status: 401,
  };
  server.use(http.post("*/api/session", () => HttpResponse.json(refusal, { status: 401 })));
  open("/access");
  const field = await screen.findByLabelText("Token");
  expect(field.getAttribute("type")).toBe("password");
  await userEvent.type(field, "assay_x");
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
  expect(await screen.findByText("this token is not known here")).toBeTruthy();
});

test("whoever signs in sees who they are", async () => {
  serveAccess({ asks: true, scopes: [] });
  const sent: unknown[] = [];
  const session: Session = { asks: true, scopes: ["runs:read"], tenant: "local", token: TOKEN };
  server.use(
    take("/session", (body) => {
      sent.push(body);
      serveAccess(session);
      return session;
    }),
  );
  open("/access");
  await userEvent.type(await screen.findByLabelText("Token"), " assay_secret ");
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
  expect(await screen.findByText("nightly import")).toBeTruthy();
  expect(sent).toEqual([{ token: "assay_secret" }]);
  // Without the scope there is nothing to make and nothing to revoke.
  expect(screen.queryByRole("button", { name: /Revoke/ })).toBeNull();
});

test("a token is made with what was chosen, and its secret is shown", async () => {
  serveAccess({ asks: false, scopes: ALL, tenant: "local" });
  const sent: unknown[] = [];
  server.use(
    take("/access/tokens", (body) => {
      sent.push(body);
      return { secret: "assay_once", token: TOKEN };
    }),
  );
  open("/access");
  await userEvent.type(await screen.findByLabelText("What it is for"), "laptop");
  // The first token is the one that the next ones are made with.
  expect(screen.getByRole<HTMLInputElement>("checkbox", { name: /^admin/ }).checked).toBe(true);
  await userEvent.click(screen.getByRole("checkbox", { name: /^lab:read/ }));
  await userEvent.click(screen.getByRole("button", { name: "Make the token" }));
  expect((await screen.findByTestId("secret")).textContent).toBe("assay_once");
  expect(sent).toEqual([{ name: "laptop", scopes: ["runs:read", "admin"], expires_in_days: 90 }]);
});

test("a token is revoked only after somebody has said so, and a broken record is told", async () => {
  serveAccess({ asks: true, scopes: ALL, tenant: "local", token: TOKEN }, false);
  const sent: string[] = [];
  server.use(
    http.delete("*/api/access/tokens/:id", ({ params }) => {
      sent.push(String(params.id));
      return HttpResponse.json({ ...TOKEN, state: "revoked" });
    }),
  );
  open("/access");
  await userEvent.click(await screen.findByRole("button", { name: "Revoke nightly import" }));
  const asked = await screen.findByRole("alertdialog");
  expect(sent).toEqual([]);
  await userEvent.click(within(asked).getByRole("button", { name: "Revoke" }));
  await screen.findByText(/Its chain is broken/);
  expect(sent).toEqual([TOKEN.token_id]);
});
