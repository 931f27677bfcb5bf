import { describe, expect, it } from "vitest";
import { query, serverStream } from "../codegen/index.js";
import { createClient, type OutgoingCall, type Transport } from "../index.js";
import { localTransport } from "../local/index.js";

const named = { service: "test.v1.Test" };
const get = query<object, object>({ ...named, name: "Get" });
const follow = serverStream<object, { readonly n?: number }>({ ...named, name: "Follow", watch: true });

/** Answers nothing to queries, and endless streams; notices what is cancelled, as every transport does. */
function start() {
  const calls: OutgoingCall[] = [];
  let closed = 0;
  const aborted = ({ signal }: OutgoingCall) =>
    new Promise<never>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  const transport: Transport = {
    send: async (call) => {
      calls.push(call);
      if (call.method.stream === "unary") return aborted(call);
      const response = (async function* () {
        yield { message: { n: 1 } };
        await aborted(call);
      })();
      return { response, headers: new Map() };
    },
    close: () => {
      closed++;
    },
  };
  const client = createClient({ transport, retry: { initialDelay: 1 } });
  return { client, calls, closed: () => closed };
}

const cancelled = { code: "cancelled", cause: "the client is closed" };

describe("close", () => {
  it("ends calls that are running, and streams, which are not opened again", async () => {
    const { client, calls, closed } = start();
    const limited = get(client, {}).safe();
    const endless = get(client, {}, { timeout: 0 }).safe();
    const states: string[] = [];
    const items = follow(client, {}, { onState: (state) => states.push(state) })[Symbol.asyncIterator]();
    expect(await items.next()).toEqual({ done: false, value: { n: 1 } });
    const next = items.next();
    await client.close();
    await expect(next).rejects.toMatchObject(cancelled);
    expect((await limited).error).toMatchObject(cancelled);
    expect((await endless).error).toMatchObject(cancelled);
    expect(states).toEqual(["connecting", "open", "ended"]);
    expect(calls.map(({ signal }) => signal?.aborted)).toEqual([true, true, true]);
    expect(closed()).toBe(1);
  });

  it("lets later calls fail without sending them, those of its sessions too", async () => {
    const { client, calls } = start();
    const session = client.session();
    await client.close();
    expect((await get(client, {}).safe()).error).toMatchObject(cancelled);
    expect((await get(session, {}).safe()).error).toMatchObject(cancelled);
    await expect(follow(client, {})[Symbol.asyncIterator]().next()).rejects.toMatchObject(cancelled);
    await expect(client.wait("t")).rejects.toMatchObject(cancelled);
    expect(calls).toEqual([]);
  });

  it("ends a pause between two attempts", async () => {
    let attempts = 0;
    const refused = Object.assign(new Error("no"), { code: "unavailable", violations: [], retryAfter: 20_000 });
    const codec = { create: (init: unknown) => init, toJson: (one: unknown) => one, fromJson: (one: unknown) => one };
    const method = { ...named, name: "Get", request: codec, response: codec };
    const invoke = async () => {
      attempts++;
      throw refused;
    };
    const client = createClient({ transport: localTransport({ methods: [{ method, invoke }] }) });
    const outcome = get(client, {}).safe();
    await expect.poll(() => attempts).toBe(1);
    await client.close();
    expect((await outcome).error).toMatchObject(cancelled);
    expect(attempts).toBe(1);
  });
});
