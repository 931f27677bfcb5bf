// Frames that mean no good: JSON that is none, wrong members, methods and ids of all kinds, and valid frames in every order.
import fc from "fast-check";

const id = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom<unknown>(0, 1, 2, 3, "a", "b") },
  fc.constantFrom<unknown>(null, "", -1, 1.5, 1e99, 2 ** 53, "x".repeat(129), [], {}, true, "__proto__"),
);
const method = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .constantFrom("Echo", "Fail", "Hang", "Watch", "Collect", "Chat")
      .map((name) => `test.v1.Orders/${name}`),
  },
  { weight: 3, arbitrary: fc.constantFrom("$/ping", "$/auth", "$/open", "$/gone") },
  fc.constantFrom("", "/", "__proto__", "constructor", "test.v1.Orders/", "\0", "x".repeat(5000)),
);
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>({ orderId: "a" }, { orderId: 7 }, { gone: 1 }, { __proto__: null, orderId: "b" }, null),
);
const metadata = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<unknown>(undefined, null, {}, { credit: 1 }, { credit: 2 ** 31 - 1 }) },
  fc.record(
    {
      commandId: fc.constantFrom<unknown>("c", "", 7, "x".repeat(300)),
      expectedVersion: fc.constantFrom<unknown>(0, "any", [1], -1, "1"),
      timeout: fc.constantFrom<unknown>(1, 0, -1, 1e300, "1"),
      after: fc.constantFrom<unknown>("p", "", "\n", 1),
      headers: fc.constantFrom<unknown>({ a: "b" }, { a: "\r\n" }, { "": "" }, [], 1),
      gone: fc.constant(1),
    },
    { requiredKeys: [] },
  ),
);
const list = (...items: readonly unknown[]): unknown[] => items.filter((item) => item !== undefined);
const jsonrpc = "2.0";

const request = fc
  .tuple(id, method, value, metadata)
  .map(([of, name, first, second]) => ({ jsonrpc, id: of, method: name, params: list(first, second) }));
const streamed = fc
  .tuple(id, fc.constantFrom("Collect", "Chat"), metadata)
  .map(([of, name, second]) => ({ jsonrpc, id: of, method: `test.v1.Orders/${name}`, params: list(null, second) }));
const notification = fc.oneof(
  fc.tuple(id, value).map(([of, item]) => ({ jsonrpc, method: "$/item", params: [of, item] })),
  id.map((of) => ({ jsonrpc, method: "$/end", params: [of] })),
  fc
    .tuple(id, fc.constantFrom<unknown>(1, 2 ** 31 - 1, 0, -1, 1e99, 2 ** 31, "1", null))
    .map(([of, items]) => ({ jsonrpc, method: "$/credit", params: [of, items] })),
  id.map((of) => ({ jsonrpc, method: "$/cancel", params: [of] })),
  fc.tuple(method, value).map(([name, params]) => ({ jsonrpc, method: name, params })),
);
const response = fc.tuple(id, value).map(([of, result]) => ({ jsonrpc, id: of, result }));
const valid = fc.oneof(
  { weight: 5, arbitrary: request },
  { weight: 3, arbitrary: streamed },
  { weight: 6, arbitrary: notification },
  response,
);
const mutilated = fc.tuple(valid, fc.nat(), fc.string({ maxLength: 3 })).map(([frame, at, noise]) => {
  const text = JSON.stringify(frame);
  const offset = at % (text.length + 1);
  return text.slice(0, offset) + noise + text.slice(offset + noise.length);
});
const nesting = fc
  .tuple(fc.constantFrom("[", '{"a":', '{"jsonrpc":"2.0","params":['), fc.integer({ min: 50, max: 2000 }))
  .map(([open, depth]) => open.repeat(depth));

/** A frame of a hostile client: text or bytes. */
export const hostileFrame: fc.Arbitrary<string | Uint8Array> = fc.oneof(
  { weight: 40, arbitrary: valid.map((frame) => JSON.stringify(frame)) },
  { weight: 4, arbitrary: mutilated },
  { weight: 1, arbitrary: nesting },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }).map((json) => JSON.stringify(json)) },
  { weight: 1, arbitrary: fc.string({ maxLength: 40 }) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 20 }) },
);
