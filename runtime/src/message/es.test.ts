import { create, type DescMessage, type Message } from "@bufbuild/protobuf";
import {
  type Duration,
  DurationSchema,
  file_google_protobuf_duration,
  type StringValueSchema,
  TimestampSchema,
} from "@bufbuild/protobuf/wkt";
import { expect, expectTypeOf, test } from "vitest";
import type { MessageCodec } from "./codec.js";
import { type Es, es } from "./es.js";

test("a schema has one codec", () => {
  expect(es(DurationSchema)).toBe(es(DurationSchema));
  expect(es(DurationSchema)).not.toBe(es(TimestampSchema));
});

test("the types are those of the message of protobuf-es", () => {
  expectTypeOf(es(DurationSchema)).toEqualTypeOf<MessageCodec<Es<typeof DurationSchema>>>();
  expectTypeOf<Es<typeof DurationSchema>["message"]>().toEqualTypeOf<Duration>();
  expectTypeOf(es(DurationSchema).decode).returns.toEqualTypeOf<Duration>();
  const codec = es(DurationSchema);
  expect(codec.create({ seconds: 1n })).toEqual(create(DurationSchema, { seconds: 1n }));
  // @ts-expect-error a field of another type
  codec.create({ seconds: "1" });
  // @ts-expect-error a field that does not exist
  codec.create({ minutes: 1 });
});

test("the codec of one message is not that of another", () => {
  // @ts-expect-error another message
  const other: MessageCodec<Es<typeof StringValueSchema>> = es(DurationSchema);
  expect(other.typeName).toBe("google.protobuf.Duration");
});

test("a message that is known only at run time has the type of all messages", () => {
  const schema: DescMessage = DurationSchema;
  expectTypeOf(es(schema).create()).toEqualTypeOf<Message>();
});

test("only descriptors of messages have codecs", () => {
  // @ts-expect-error the descriptor of a file
  expect(() => es(file_google_protobuf_duration).create()).toThrow();
  expectTypeOf<Es<{ readonly kind: "message" }>["message"]>().toBeNever();
});
