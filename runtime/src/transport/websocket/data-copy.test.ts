import { create } from "@bufbuild/protobuf";
import { expect, it } from "vitest";
import { OrderSchema } from "../../message/fixture.test.proto.js";
import { DataCopy } from "./data-copy.js";

const dataOf = () => ({
  id: "a",
  amount: 1n,
  ratio: Number.NaN,
  none: undefined as number | undefined,
  tags: ["x", "y"],
  bytes: new Uint8Array([1, 2]),
  at: new Date(5),
  inner: { list: [{ n: 1 }], nothing: null },
});

it("equals what it was made of until that changes, at whatever depth", () => {
  const changes: readonly ((data: ReturnType<typeof dataOf>) => unknown)[] = [
    (data) => Object.assign(data, { id: "b" }),
    (data) => Object.assign(data, { amount: 1 }),
    (data) => Object.assign(data, { none: 0 }),
    (data) => Object.assign(data, { more: 1 }),
    (data) => Reflect.deleteProperty(data, "inner"),
    (data) => data.tags.push("z"),
    (data) => data.tags.reverse(),
    (data) => data.bytes.fill(9),
    (data) => data.at.setTime(6),
    (data) => Object.assign(data.inner.list[0] ?? {}, { n: 2 }),
    (data) => Object.assign(data.inner, { nothing: [] }),
    (data) => Object.assign(data, { tags: new Set(data.tags) }),
    (data) => Object.setPrototypeOf(data, null),
  ];
  for (const change of changes) {
    const data = dataOf();
    const copy = DataCopy.of(data);
    expect(copy?.equals(data)).toBe(true);
    change(data);
    expect(copy?.equals(data), String(change)).toBe(false);
  }
});

it("equals a message of protobuf-es until a field changes", () => {
  const message = create(OrderSchema, { orderId: "a" }) as unknown as { orderId: string };
  const copy = DataCopy.of(message);
  expect(copy?.equals(message)).toBe(true);
  message.orderId = "b";
  expect(copy?.equals(message)).toBe(false);
});

it("does not exist for what may hold more than its properties, or has no end", () => {
  class Counter {
    #count = 0;
    get count(): number {
      return this.#count++;
    }
  }
  const endless: Record<string, unknown> = {};
  endless["self"] = endless;
  for (const one of [new Counter(), new Map(), { inner: new Set() }, { run: () => 1 }, [new Counter()], endless]) {
    expect(DataCopy.of(one)).toBeUndefined();
  }
});
