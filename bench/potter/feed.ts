// Accounts whose events are followed over GraphQL.
import { type App, createApp } from "@potter/runtime";
import { graphql } from "@potter/runtime/graphql";
import { graphqlContract } from "./gen/bench/ledger/v1/ledger_graphql.js";
import { account } from "./ledger.js";

export { serve } from "@potter/runtime/node";
export { ws } from "@potter/runtime/ws";
export { deposit } from "./ledger.js";

export function createFeedApp(): App {
  return createApp({ parts: [account], transports: [graphql({ modules: [graphqlContract] })] });
}
