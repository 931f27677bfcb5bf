// The shop over GraphQL, on a server of Node, by the audits of GraphQL over HTTP.
import { createApp, rest } from "@potter/runtime";
import { graphql } from "@potter/runtime/graphql";
import { type RunningServer, serve } from "@potter/runtime/node";
import { type Audit, serverAudits } from "graphql-http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { graphqlContract } from "../gen/schema_graphql.js";
import { order } from "./order.js";
import { orderQueries, orderViews } from "./order-views.js";

let server: RunningServer;
beforeAll(async () => {
  const transports = [rest(), graphql({ modules: [graphqlContract] })];
  server = await serve(createApp({ parts: [order, orderViews, orderQueries], transports }));
});
afterAll(() => server.stop());

/** The audits, created before the address of the server is known. */
const audits: readonly Audit[] = serverAudits({ url: () => `${server.url}/graphql`, fetchFn: fetch });

describe("what a server", () => {
  const binding = audits.filter(({ name }) => /^(MUST|SHOULD) /.test(name));

  it.each(binding.map((audit) => [audit.name, audit] as const))("%s", async (_, audit) => {
    expect(await audit.fn()).toMatchObject({ status: "ok" });
  });

  it("is covered by the audits, except for optional behaviour", () => {
    expect(audits.filter(({ name }) => !name.startsWith("MAY "))).toEqual(binding);
    expect(binding.length).toBeGreaterThan(30);
  });
});
