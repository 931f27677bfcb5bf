import { create, type DescMessage, fromJson, type JsonValue, type Message } from "@bufbuild/protobuf";
import fc from "fast-check";
import type { RuleValues } from "./read-rules.js";

/** A span or a point of time, in the nanoseconds from the epoch. */
interface Time {
  readonly seconds: bigint;
  readonly nanos: number;
}

const second = 1_000_000_000n;

function nanosOf({ seconds, nanos }: Time): bigint {
  return seconds * second + BigInt(nanos);
}

/** Messages with their own form in ProtoJSON, under rules; undefined for other types. */
export function arbitraryWellKnown(desc: DescMessage, values: RuleValues): fc.Arbitrary<Message> | undefined {
  switch (desc.typeName) {
    case "google.protobuf.Duration": {
      const most = 315_576_000_000n * second + second - 1n;
      return times(-most, most, values).map((nanos) =>
        create(desc, { seconds: nanos / second, nanos: Number(nanos % second) }),
      );
    }
    case "google.protobuf.Timestamp":
      return times(-62_135_596_800n * second, 253_402_300_799n * second + second - 1n, values).map((nanos) => {
        const rest = ((nanos % second) + second) % second;
        return create(desc, { seconds: (nanos - rest) / second, nanos: Number(rest) });
      });
    case "google.protobuf.FieldMask":
      return paths(values).map((list) => create(desc, { paths: list }));
    case "google.protobuf.Struct":
      return fc.dictionary(fc.string(), jsonValue(), { maxKeys: 3 }).map((json) => fromJson(desc, json as JsonValue));
    case "google.protobuf.Value":
      return jsonValue().map((json) => fromJson(desc, json));
    case "google.protobuf.ListValue":
      return fc.array(jsonValue(), { maxLength: 3 }).map((json) => fromJson(desc, json));
  }
  return undefined;
}

function jsonValue(): fc.Arbitrary<JsonValue> {
  return fc.jsonValue({ maxDepth: 2, depthSize: "small" }) as fc.Arbitrary<JsonValue>;
}

function times(min: bigint, max: bigint, values: RuleValues): fc.Arbitrary<bigint> {
  const { const: only, in: some, lt, lte, gt, gte, within } = values as Record<string, Time | undefined>;
  if (only !== undefined) return fc.constant(nanosOf(only));
  if (some !== undefined) return fc.constantFrom(...(some as unknown as Time[]).map(nanosOf));
  const now = BigInt(Date.now()) * 1_000_000n;
  // The clock advances while the test runs.
  const leeway = 60n * second;
  const high = [
    max,
    ...(lt === undefined ? [] : [nanosOf(lt) - 1n]),
    ...(lte === undefined ? [] : [nanosOf(lte)]),
    ...(values["lt_now"] === true ? [now] : []),
    ...(within === undefined ? [] : [now + nanosOf(within)]),
  ].reduce((a, b) => (a < b ? a : b));
  const low = [
    min,
    ...(gt === undefined ? [] : [nanosOf(gt) + 1n]),
    ...(gte === undefined ? [] : [nanosOf(gte)]),
    ...(values["gt_now"] === true ? [now + leeway * 60n] : []),
    ...(within === undefined ? [] : [now - nanosOf(within) + leeway]),
  ].reduce((a, b) => (a > b ? a : b));
  const edges = [low, high, 0n, 1n, -1n, second, 1_500_000_000n, -second, 123_000n, low + second, high - second];
  const whole = fc.bigInt({ min: low, max: high });
  return fc.oneof(
    fc.constantFrom(...edges.filter((edge) => edge >= low && edge <= high)),
    whole,
    whole.map((nanos) => (nanos - (nanos % second) >= low ? nanos - (nanos % second) : nanos)),
  );
}

function paths(values: RuleValues): fc.Arbitrary<readonly string[]> {
  const { const: only, in: some, not_in: none } = values as Record<string, unknown>;
  if (only !== undefined) return fc.constant((only as { paths: string[] }).paths);
  const all = (some as string[] | undefined) ?? ["a", "b_c", "display_name", "address.city_name", "x1", "a.b.c"];
  const allowed = all.filter((path) => (none as string[] | undefined)?.includes(path) !== true);
  return fc.array(fc.constantFrom(...allowed), { maxLength: 3 });
}
