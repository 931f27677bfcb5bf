// One client in its own process: node client-child.mjs BUNDLE. Calls a server, or a `fetch` that answers at once.
import { isDeepStrictEqual } from "node:util";
import { serveParent } from "../harness/child.mjs";
import { small, toJson } from "../harness/echo.mjs";
import { cpu } from "../harness/process-usage.mjs";
import { answer } from "./answer.mjs";

const { createCall, messages = "json" } = await import(process.argv[2]);
const item = messages === "json" ? toJson(small) : small;

serveParent({ cpu, run });

/** Makes calls, so many at a time, until the time is over. Compares every answer. Returns their number. */
async function run({ port, milliseconds, atLeast, inFlight }) {
  const call =
    port === undefined
      ? createCall({ baseUrl: "http://localhost", fetch: answerAtOnce })
      : createCall({ baseUrl: `http://127.0.0.1:${port}`, fetch });
  const start = performance.now();
  let count = 0;
  const isOver = () => {
    const spent = performance.now() - start;
    return spent >= milliseconds && (count >= atLeast || spent >= 4 * milliseconds);
  };
  const callNext = async () => {
    do {
      const { id, text, amount, urgent, tags } = await call(item);
      if (!isDeepStrictEqual({ id, text, amount, urgent, tags }, item)) {
        throw new Error(`a wrong answer: ${JSON.stringify({ id, text, urgent, tags })}`);
      }
      count++;
    } while (!isOver());
  };
  await Promise.all(Array.from({ length: inFlight }, callNext));
  return count;
}

/** As fetch does: with a Response, in a later turn. */
async function answerAtOnce(input, init) {
  const request = typeof input === "string" || input instanceof URL ? undefined : input;
  const url = request?.url ?? String(input);
  const body = request === undefined ? Buffer.from(init.body) : Buffer.from(await request.arrayBuffer());
  const type = new Headers(request?.headers ?? init.headers).get("content-type");
  return new Response(answer(new URL(url).pathname, body), { headers: { "content-type": type } });
}
