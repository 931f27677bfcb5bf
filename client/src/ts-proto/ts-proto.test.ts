import { expect, it } from "vitest";
import { type PartialMessage, type TsProtoMessage, tsProto } from "./index.js";

interface Text {
  readonly text: string;
}

const Text: TsProtoMessage<Text, Partial<Text>> = {
  encode: ({ text }) => ({ finish: () => new TextEncoder().encode(text) }),
  decode: (bytes) => ({ text: new TextDecoder().decode(bytes) }),
  toJSON: ({ text }) => ({ TEXT: text }),
  fromJSON: (json) => ({ text: (json as { TEXT: string }).TEXT }),
  fromPartial: ({ text = "?" }) => ({ text }),
};

it("requests may be partial, responses are whole", () => {
  const codec = tsProto("test.v1.Text", Text);
  expect(codec.typeName).toBe("test.v1.Text");
  expect(codec.decode(codec.encode({ text: "a" }))).toEqual({ text: "a" });
  expect(codec.decode(codec.encode({}))).toEqual({ text: "?" });
  expect(codec.toJson({})).toEqual({ TEXT: "?" });
  expect(codec.fromJson({ TEXT: "b" })).toEqual({ text: "b" });
});

it("messages within a request may be partial too, but say which field of a oneof they have", () => {
  interface Order {
    readonly customer: { readonly name: string; readonly born: Date | undefined } | undefined;
    readonly lines: { readonly sku: string; readonly quantity: number }[];
    readonly labels: { readonly [key: string]: Text };
    readonly picture: Uint8Array;
    readonly payment: { readonly $case: "card"; readonly card: Text } | { readonly $case: "cash"; readonly cash: Text };
  }
  const valid: readonly PartialMessage<Order>[] = [
    {},
    { customer: { name: "Ada" }, lines: [{ sku: "a" }], labels: { a: {} }, picture: new Uint8Array() },
    { customer: { born: new Date(0) }, payment: { $case: "card", card: {} } },
  ];
  const invalid: readonly PartialMessage<Order>[] = [
    // @ts-expect-error: there is no such field
    { customer: { nam: "Ada" } },
    // @ts-expect-error: a oneof says which field it has
    { payment: { card: { text: "a" } } },
    // @ts-expect-error: bytes are not partial
    { picture: {} },
  ];
  expect([valid.length, invalid.length]).toEqual([3, 3]);
});
