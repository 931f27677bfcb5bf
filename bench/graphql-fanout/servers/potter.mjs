import { createFeedApp, deposit, serve, ws } from "../../potter/dist/feed.mjs";

export const name = "Potter (graphql, serve with ws)";

/** Commands produce the events: each is decided and appended, then read by subscribers. */
export async function start() {
  const app = createFeedApp();
  const server = await serve(app, { port: 0, webSockets: ws() });
  const publish = ({ accountId, amount, reference }) =>
    app.send(deposit, { accountId, amount: BigInt(amount), currency: "EUR", reference });
  return { port: Number(new URL(server.url).port), publish };
}
