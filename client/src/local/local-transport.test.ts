import { describe, expect, it } from "vitest";
import { clientStream, command, serverStream } from "../codegen/index.js";
import { type Codec, createClient } from "../index.js";
import { type LocalApp, type LocalTransportOptions, localTransport } from "./index.js";

interface Text {
  readonly text: string;
}

/** Messages of the app are instances, so that a test sees what is converted. */
class Message implements Text {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const appCodec = {
  create: (init?: unknown) => (init instanceof Message ? init : new Message((init as Text).text)),
  toJson: (message: unknown) => ({ text: (message as Text).text }),
  fromJson: (json: Text) => new Message(json.text),
};
const codec = { typeName: "test.v1.Text", toJson: (message: Text) => message } as Codec<Text>;

const named = { service: "test.v1.Echo" };
const say = command<Text, Text, { tooLoud: Text }>({ ...named, name: "Say", errors: { tooLoud: "test.v1.TooLoud" } });
const sayMessage = command<Text, Text>({ ...named, name: "Say", request: codec, response: codec });
const count = serverStream<Text, Text>({ ...named, name: "Count" });
const collect = clientStream<Text, Text>({ ...named, name: "Collect" });

function start(invoke: (request: never, options: never) => Promise<unknown>, options?: LocalTransportOptions) {
  const methods = ["Say", "Count", "Collect"].map((name) => ({
    method: { ...named, name, request: appCodec, response: appCodec },
    invoke,
  }));
  return createClient({ transport: localTransport({ methods } as LocalApp, options), retry: false });
}

describe("localTransport", () => {
  it("passes messages as they are, and converts plain JSON, without text", async () => {
    const requests: unknown[] = [];
    const client = start(async (request: Message) => {
      requests.push(request);
      return { response: new Message(`${request.text}!`), version: 3 };
    });
    const message = new Message("a");
    expect(await sayMessage(client, message)).toBeInstanceOf(Message);
    expect(requests[0]).toBe(message);
    const { response, version } = await say(client, { text: "b" }).result();
    expect([response, version]).toEqual([{ text: "b!" }, 3]);
    expect(response).not.toBeInstanceOf(Message);
    expect(requests[1]).toBeInstanceOf(Message);
  });

  it("passes the options of the call, the caller, and headers both ways", async () => {
    let seen: Record<string, unknown> & { requestHeaders?: Iterable<unknown> } = {};
    const client = start(
      async (_, options: typeof seen & { responseHeaders: { append(name: string, value: string): void } }) => {
        seen = options;
        options.responseHeaders.append("X-B", "1");
        options.responseHeaders.append("x-b", "2");
        return { response: new Message("") };
      },
      { caller: () => ({ user: "ada" }) },
    );
    const options = { commandId: "k", expectedVersion: [1, 2], correlationId: "c", headers: { "x-a": ["1", "2"] } };
    const { headers } = await say(client, { text: "" }, { ...options, after: "t" }).result();
    expect(seen).toMatchObject({ user: "ada", commandId: "k", expectedVersion: [1, 2], correlationId: "c" });
    expect([...(seen.requestHeaders ?? [])]).toContainEqual(["x-a", "2"]);
    expect((seen["wait"] as { header(name: string): unknown }).header("potter-after")).toBe("t");
    expect(headers.get("x-b")).toBe("1, 2");
    await say(client, { text: "" }, { expectedVersion: 0 });
    expect(seen).toMatchObject({ expectedVersion: 0 });
    expect(seen).not.toHaveProperty("wait");
  });

  it("refuses options that other servers cannot read", async () => {
    const client = start(async () => ({ response: new Message("") }));
    for (const commandId of ["", "a b", "é", "a\nb", "x".repeat(256)]) {
      expect((await say(client, { text: "" }, { commandId }).safe()).error?.code).toBe("invalid_argument");
    }
    expect((await say(client, { text: "" }, { expectedVersion: [] }).safe()).error?.code).toBe("invalid_argument");
    expect((await say(client, { text: "" }, { commandId: "k~", expectedVersion: [1] }).safe()).ok).toBe(true);
  });

  it("tells the app the limit of a call that waits, so that it answers before", async () => {
    const waits: { limit?: { milliseconds: number; run(call: () => unknown): unknown } }[] = [];
    const client = start(async (_, { wait }: { wait: (typeof waits)[number] }) => {
      waits.push(wait);
      return { response: new Message("") };
    });
    await say(client, { text: "" }, { after: "t", timeout: 5_000 });
    await say(client, { text: "" }, { after: "t", timeout: 0 });
    expect(waits[0]?.limit?.milliseconds).toBeGreaterThan(4_000);
    expect(waits[0]?.limit?.milliseconds).toBeLessThanOrEqual(5_000);
    expect(waits[0]?.limit?.run(() => "ran")).toBe("ran");
    expect(waits[1]?.limit).toBeUndefined();
  });

  it("reports the errors of the app, and others as internal", async () => {
    const violations = [{ field: "text", rule: "r", message: "m" }];
    const details = [{ typeName: "test.v1.TooLoud", json: { text: "90 dB" } }];
    const known = Object.assign(new Error("no"), { code: "failed_precondition", violations, details, retryAfter: 5 });
    const refused = await say(
      start(() => Promise.reject(known)),
      { text: "" },
    ).safe();
    expect(refused.error).toMatchObject({
      name: "tooLoud",
      message: "no",
      detail: { text: "90 dB" },
      violations,
      retryAfter: 5,
    });
    const broken = await say(
      start(() => Promise.reject(new TypeError("bug"))),
      { text: "" },
    ).safe();
    expect(broken.error).toMatchObject({ code: "internal", message: "Say has failed" });
  });

  it("passes streams in both directions, with the positions that the app tells", async () => {
    const client = start(
      async (request: Message) => ({
        response: (async function* () {
          yield new Message(`${request.text}1`);
          throw Object.assign(new Error("late"), { code: "aborted", violations: [] });
        })(),
      }),
      { itemId: (item) => (item as Text).text },
    );
    const found: unknown[] = [];
    const read = async () => {
      for await (const item of count(client, { text: "a" }).items()) found.push(item);
    };
    await expect(read()).rejects.toMatchObject({ code: "aborted", message: "late" });
    expect(found).toEqual([{ message: { text: "a1" }, id: "a1" }]);
    const joining = start(async (requests: AsyncIterable<Message>) => {
      const texts: string[] = [];
      for await (const request of requests) texts.push(`${request instanceof Message}${request.text}`);
      return { response: new Message(texts.join()) };
    });
    expect(await collect(joining, [{ text: "a" }, { text: "b" }])).toEqual({ text: "truea,trueb" });
  });

  it.each([
    ["its signal is aborted", () => ({ signal: AbortSignal.timeout(20) }), "cancelled"],
    ["its time has passed", () => ({ timeout: 20 }), "deadline_exceeded"],
  ])("ends a stream when %s, though the app looks at neither, and leaves it", async (_, options, code) => {
    const left = { silent: 0, busy: 0 };
    const silent = () => ({
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<never>(() => {}),
        async return() {
          left.silent++;
          return { done: true as const, value: undefined };
        },
      }),
    });
    async function* busy() {
      try {
        for (;;) {
          yield new Message("a");
          await new Promise((resolve) => setTimeout(resolve));
        }
      } finally {
        left.busy++;
      }
    }
    for (const response of [silent, busy]) {
      const read = async () => {
        for await (const one of count(
          start(async () => ({ response: response() })),
          { text: "" },
          options(),
        )) {
          expect(one).toEqual({ text: "a" });
        }
      };
      await expect(read()).rejects.toMatchObject({ code });
    }
    await expect.poll(() => left).toEqual({ silent: 1, busy: 1 });
  });

  it("ends a stream of requests with an error for the app when the call is cancelled, and leaves its source", async () => {
    let left = 0;
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<never>(() => {}),
        async return() {
          left++;
          return { done: true as const, value: undefined };
        },
      }),
    };
    let seen: unknown;
    const client = start(async (requests: AsyncIterable<Message>) => {
      try {
        for await (const _ of requests);
      } catch (error) {
        seen = error;
      }
      return { response: new Message("complete") };
    });
    const { error } = await collect(client, source, { signal: AbortSignal.timeout(20) }).safe();
    expect(error).toMatchObject({ code: "cancelled" });
    await expect.poll(() => [seen, left]).toEqual([expect.objectContaining({ code: "cancelled" }), 1]);
  });

  it("knows only the methods of the app", async () => {
    const missing = command<Text, Text>({ ...named, name: "Missing" });
    const client = start(async () => ({ response: new Message("") }));
    expect(await missing(client, { text: "" }).safe()).toMatchObject({ error: { code: "unimplemented" } });
  });
});
