// Streams of transports without a sign of life: the option `idleTimeout` says when they are broken.
import { expect, it } from "vitest";
import { serverStream } from "../codegen/index.js";
import { toEnvelope } from "../envelopes/index.js";
import { connectTo, startServer } from "../grpc/grpc-server.fixture.js";
import { connectTransport, createClient, isPositionLost } from "../index.js";

const named = { service: "test.v1.Notes", name: "Follow" };
const watch = serverStream<object, { text: string }>({ ...named, watch: true });
const follow = serverStream<object, { text: string }>(named);
const retry = { initialDelay: 1, maxDelay: 1 };

/** Answers with one note, after which nothing comes any more; the third time, with the end of the stream. */
function startSilent() {
  let calls = 0;
  const fetch = async (): Promise<Response> => {
    calls++;
    const end = Uint8Array.of(2, 0, 0, 0, 2, 123, 125);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(toEnvelope(JSON.stringify({ text: calls < 3 ? "a" : "b" })));
        if (calls === 3) {
          controller.enqueue(end);
          controller.close();
        }
      },
    });
    return new Response(body, { headers: { "content-type": "application/connect+json" } });
  };
  return { client: createClient({ transport: connectTransport({ baseUrl: "http://x", fetch }), retry }), fetch };
}

async function read(stream: AsyncIterable<{ text: string }>): Promise<string[]> {
  const found: string[] = [];
  for await (const { text } of stream) found.push(text);
  return found;
}

it("a silent stream over Connect is opened again, and shows the state that it missed", async () => {
  const states: string[] = [];
  const options = { idleTimeout: 20, onState: (state: string) => states.push(state) };
  expect(await read(watch(startSilent().client, {}, options))).toEqual(["a", "b"]);
  expect(states).toEqual(["connecting", "open", "reconnecting", "open", "reconnecting", "open", "ended"]);
});

it("a silent stream over Connect that cannot continue says so", async () => {
  const failure: unknown = await read(follow(startSilent().client, {}, { idleTimeout: 20 })).catch((error) => error);
  expect(isPositionLost(failure)).toBe(true);
});

it("a silent stream over gRPC is opened again", async () => {
  let calls = 0;
  const server = await startServer((call) => {
    calls++;
    call.stream.respond({ ":status": 200, "content-type": "application/grpc+json" }, { waitForTrailers: true });
    call.stream.write(toEnvelope(JSON.stringify({ text: calls < 2 ? "a" : "b" })));
    if (calls >= 2) call.end({ "grpc-status": "0" });
  });
  const client = connectTo(server);
  try {
    expect((await read(watch(client, {}, { idleTimeout: 50 }))).at(-1)).toBe("b");
    expect(calls).toBeGreaterThanOrEqual(2);
  } finally {
    await client.close();
    await server.close();
  }
});
