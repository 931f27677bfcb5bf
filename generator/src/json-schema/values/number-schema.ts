import { ScalarType } from "@bufbuild/protobuf";
import { anyOf, mergeParts, narrow, type Schema } from "../keywords/index.js";
import type { RuleValues } from "../read-rules/index.js";
import { rangePattern } from "./range-pattern.js";

const integers: ReadonlyMap<ScalarType, { readonly format: string; readonly min: bigint; readonly max: bigint }> =
  new Map(
    [
      [ScalarType.INT32, "int32"] as const,
      [ScalarType.SINT32, "int32"] as const,
      [ScalarType.SFIXED32, "int32"] as const,
      [ScalarType.UINT32, "uint32"] as const,
      [ScalarType.FIXED32, "uint32"] as const,
      [ScalarType.INT64, "int64"] as const,
      [ScalarType.SINT64, "int64"] as const,
      [ScalarType.SFIXED64, "int64"] as const,
      [ScalarType.UINT64, "uint64"] as const,
      [ScalarType.FIXED64, "uint64"] as const,
    ].map(([type, format]) => {
      const bits = format.endsWith("64") ? 64n : 32n;
      const [min, max] = format.startsWith("u")
        ? [0n, 2n ** bits - 1n]
        : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
      return [type, { format, min, max }];
    }),
  );

/** The range of an integer type; undefined for other types. */
export function rangeOf(
  type: ScalarType,
): { readonly format: string; readonly min: bigint; readonly max: bigint } | undefined {
  return integers.get(type);
}

/** An integer of at most 32 bits, which ProtoJSON writes as a number. */
export function integerSchema(type: ScalarType, values: RuleValues): Schema {
  const { format, min, max } = rangeOf(type) as NonNullable<ReturnType<typeof rangeOf>>;
  const ranges = toRanges(values, min, max).map(([low, high]) => ({ minimum: Number(low), maximum: Number(high) }));
  const base: Schema = { type: "integer", format };
  const range = ranges.length === 1 ? { ...ranges[0] } : ranges.length === 0 ? { not: {} } : { anyOf: ranges };
  return mergeParts({ ...base, ...range }, listRules(values, Number));
}

/** An integer of 64 bits, which ProtoJSON writes as a string. */
export function longSchema(type: ScalarType, values: RuleValues): Schema {
  const { format, min, max } = rangeOf(type) as NonNullable<ReturnType<typeof rangeOf>>;
  const patterns = toRanges(values, min, max).flatMap(([low, high]) => rangePattern(low, high) ?? []);
  const pattern =
    patterns.length === 0 ? "^(?!)" : `^${patterns.length === 1 ? patterns[0] : `(${patterns.join("|")})`}$`;
  return mergeParts({ type: "string", format, pattern }, listRules(values, String));
}

/**
 * The ranges that rules leave of a type. An upper bound below the lower one excludes the range between them, as in
 * protovalidate.
 */
function toRanges(values: RuleValues, min: bigint, max: bigint): (readonly [bigint, bigint])[] {
  const { const: only, lt, lte, gt, gte } = values as Readonly<Record<string, bigint | number | undefined>>;
  if (only !== undefined) return [[BigInt(only), BigInt(only)]];
  const high = lt !== undefined ? BigInt(lt) - 1n : lte !== undefined ? BigInt(lte) : undefined;
  const low = gt !== undefined ? BigInt(gt) + 1n : gte !== undefined ? BigInt(gte) : undefined;
  if (high !== undefined && low !== undefined && isOutside(lt ?? lte, gt ?? gte)) {
    return [[min, high] as const, [low, max] as const].filter(([from, to]) => from <= to);
  }
  const range = [low ?? min, high ?? max] as const;
  return range[0] <= range[1] ? [range] : [];
}

function isOutside(upper: bigint | number | undefined, lower: bigint | number | undefined): boolean {
  return upper !== undefined && lower !== undefined && upper < lower;
}

function listRules(values: RuleValues, write: (value: unknown) => unknown): Schema[] {
  const { in: some, notIn } = values as { in?: readonly unknown[]; notIn?: readonly unknown[] };
  return [
    ...(some === undefined ? [] : [{ enum: some.map(write) }]),
    ...(notIn === undefined ? [] : [{ not: { enum: notIn.map(write) } }]),
  ];
}

/** The largest finite float. */
const mostFloat = 3.4028234663852886e38;

/** A float or double. ProtoJSON writes NaN and infinities as strings. */
export function floatSchema(type: ScalarType, values: RuleValues): Schema {
  const isFloat = type === ScalarType.FLOAT;
  const limits: Schema = isFloat ? { minimum: -mostFloat, maximum: mostFloat } : {};
  const base: Schema = { type: "number", format: isFloat ? "float" : "double" };
  const {
    const: only,
    in: some,
    notIn,
    finite,
  } = values as {
    const?: number;
    in?: readonly number[];
    notIn?: readonly number[];
    finite?: boolean;
  };
  const words = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].filter(
    (value) =>
      finite !== true &&
      (only === undefined || only === value) &&
      // As in protovalidate, NaN equals nothing.
      (some === undefined || some.some((one) => one === value)) &&
      !(notIn ?? []).some((one) => one === value) &&
      satisfiesBounds(value, values),
  );
  const numbers: Schema[] = floatRanges(values).map((range) => ({ ...base, ...narrow(limits, range) }));
  const finiteOf = (list: readonly number[]) => list.filter(Number.isFinite);
  const lists: Schema[] = [
    ...(only === undefined ? [] : [{ const: only }]),
    ...(some === undefined ? [] : [{ enum: finiteOf(some) }]),
    ...(notIn === undefined || finiteOf(notIn).length === 0 ? [] : [{ not: { enum: finiteOf(notIn) } }]),
  ];
  const named = some ?? (only === undefined ? undefined : [only]);
  const whole =
    named !== undefined && finiteOf(named).length === 0 ? [] : numbers.map((range) => mergeParts(range, lists));
  const branches = [...whole, ...(words.length === 0 ? [] : [{ type: "string", enum: words.map(String) } as const])];
  return branches.length === 0 ? { not: {} } : anyOf(branches);
}

function floatRanges(values: RuleValues): Schema[] {
  const { lt, lte, gt, gte } = values as Readonly<Record<string, number | undefined>>;
  const upper: Schema =
    lt !== undefined ? finiteBound("exclusiveMaximum", lt) : lte !== undefined ? finiteBound("maximum", lte) : {};
  const lower: Schema =
    gt !== undefined ? finiteBound("exclusiveMinimum", gt) : gte !== undefined ? finiteBound("minimum", gte) : {};
  return isOutside(lt ?? lte, gt ?? gte) ? [upper, lower] : [{ ...lower, ...upper }];
}

function finiteBound(keyword: string, value: number): Schema {
  return Number.isFinite(value) ? { [keyword]: value } : {};
}

/** As in protovalidate, comparisons with NaN fail. */
function satisfiesBounds(value: number, values: RuleValues): boolean {
  const { lt, lte, gt, gte } = values as Readonly<Record<string, number | undefined>>;
  const upper = lt !== undefined ? value < lt : lte !== undefined ? value <= lte : undefined;
  const lower = gt !== undefined ? value > gt : gte !== undefined ? value >= gte : undefined;
  if (upper === undefined) return lower ?? true;
  if (lower === undefined) return upper;
  return isOutside(lt ?? lte, gt ?? gte) ? upper || lower : upper && lower;
}
