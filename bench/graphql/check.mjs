import { isDeepStrictEqual } from "node:util";
import { accept } from "./works.mjs";

/** The whole answer is what it must be, an order that is not there is null, and what the schema does not know is refused. */
export async function checkAnswers(server, port, { query, samples }) {
  for (const { variables, answer } of samples) {
    const { status, body } = await ask(port, query, variables);
    if (status !== 200 || body.errors !== undefined || !isDeepStrictEqual(body.data, answer)) {
      throw new Error(`${server.name} answers ${status} ${JSON.stringify(body).slice(0, 2_000)}`);
    }
  }
  const missing = await ask(port, '{ order(orderId: "nobody-placed-it") { orderId } }');
  if (missing.body.data?.order !== null) throw new Error(`${server.name} knows an order that nobody has placed`);
  const refused = await ask(port, "{ order(orderId: 5) { colour } }");
  if (!(refused.body.errors?.length > 0) || refused.body.data?.order !== undefined) {
    throw new Error(`${server.name} answers ${JSON.stringify(refused.body)} to a query that is not valid`);
  }
}

async function ask(port, query, variables) {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", accept, connection: "close" },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, body: await response.json() };
}
