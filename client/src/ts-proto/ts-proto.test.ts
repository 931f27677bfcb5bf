import { expect, it } from "vitest";
import { type TsProtoMessage, tsProto } from "./index.js";

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
