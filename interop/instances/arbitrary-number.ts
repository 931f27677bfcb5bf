import { ScalarType } from "@bufbuild/protobuf";
import fc from "fast-check";
import type { RuleValues } from "./read-rules.js";

const signed: readonly ScalarType[] = [
  ...[ScalarType.INT32, ScalarType.SINT32, ScalarType.SFIXED32],
  ...[ScalarType.INT64, ScalarType.SINT64, ScalarType.SFIXED64],
];
const long: readonly ScalarType[] = [
  ...[ScalarType.INT64, ScalarType.SINT64, ScalarType.SFIXED64],
  ...[ScalarType.UINT64, ScalarType.FIXED64],
];

/** Whether ProtoJSON writes a type as text. */
export function isLong(type: ScalarType): boolean {
  return long.includes(type);
}

/** The minimum and the maximum of an integer type. */
export function limitsOf(type: ScalarType): readonly [bigint, bigint] {
  const bits = isLong(type) ? 64n : 32n;
  return signed.includes(type) ? [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n] : [0n, 2n ** bits - 1n];
}

type Bounds = Readonly<Record<"const" | "lt" | "lte" | "gt" | "gte", bigint | number | undefined>> & {
  readonly in?: readonly (bigint | number)[];
  readonly not_in?: readonly (bigint | number)[];
  readonly finite?: boolean;
};

/** Whether a number obeys its rules. Comparisons with NaN are false. */
function obeys(value: bigint | number, rules: Bounds): boolean {
  const { lt, lte, gt, gte, in: some, not_in: none, finite } = rules;
  const below = lt !== undefined ? value < lt : lte !== undefined ? value <= lte : undefined;
  const above = gt !== undefined ? value > gt : gte !== undefined ? value >= gte : undefined;
  const [upper, lower] = [lt ?? lte, gt ?? gte];
  const outside = upper !== undefined && lower !== undefined && upper < lower;
  const bounded = outside ? below === true || above === true : (below ?? true) && (above ?? true);
  return (
    bounded &&
    (rules.const === undefined || value === rules.const) &&
    (some === undefined || some.some((one) => one === value)) &&
    none?.some((one) => one === value) !== true &&
    (finite !== true || Number.isFinite(value))
  );
}

/** The numbers in rules and their neighbours: the boundary values. */
export function boundaries(values: RuleValues, next: (bound: bigint | number) => readonly (bigint | number)[]) {
  const rules = values as unknown as Bounds;
  const named = [rules.const, rules.lt, rules.lte, rules.gt, rules.gte, ...(rules.in ?? []), ...(rules.not_in ?? [])];
  return named.flatMap((bound) => (bound === undefined ? [] : next(bound)));
}

/** Integers under rules, often at the edges; in the type that protobuf-es has for them. */
export function arbitraryInteger(type: ScalarType, values: RuleValues): fc.Arbitrary<bigint | number> {
  const [min, max] = limitsOf(type);
  const near = boundaries(values, (bound) => [BigInt(bound) - 1n, BigInt(bound), BigInt(bound) + 1n]) as bigint[];
  const toBig = (key: string) => (values[key] === undefined ? {} : { [key]: BigInt(values[key] as bigint | number) });
  const listed = (key: string) =>
    values[key] === undefined ? {} : { [key]: (values[key] as (bigint | number)[]).map(BigInt) };
  const rules = Object.assign(
    {},
    ...["const", "lt", "lte", "gt", "gte"].map(toBig),
    ...["in", "not_in"].map(listed),
  ) as Bounds;
  const edges = [min, min + 1n, max - 1n, max, 0n, 1n, -1n, 10n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, ...near];
  const allowed = edges.filter((value) => value >= min && value <= max && obeys(value, rules));
  const spread = [...allowed].sort((a, b) => (a < b ? -1 : 1));
  const [least = 0n, most = 0n] = [spread[0], spread.at(-1)];
  const any = fc.bigInt({ min: least, max: most }).map((value) => (obeys(value, rules) ? value : least));
  const all = fc.oneof(fc.constantFrom(...allowed), any);
  return isLong(type) ? all : all.map(Number);
}

const extremes = [
  ...[0, -0, 1, -1, 0.1, 1.5, -1.5, 1e21, 1e-7, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ...[5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MAX_SAFE_INTEGER + 1, 3.4028234663852886e38],
];

/** Floats and doubles under rules. */
export function arbitraryFloat(type: ScalarType, values: RuleValues): fc.Arbitrary<number> {
  const isFloat = type === ScalarType.FLOAT;
  const round = (value: number) => (isFloat ? Math.fround(value) : value);
  const rules = values as unknown as Bounds;
  const near = boundaries(values, (bound) => nextTo(Number(bound)));
  const fits = (value: number) => obeys(value, rules) && (!isFloat || Object.is(Math.fround(value), value));
  const allowed = [...extremes, ...near].map((value) => round(Number(value))).filter(fits);
  const any = (isFloat ? fc.float() : fc.double()).map((value) => (fits(value) ? value : (allowed[0] ?? 0)));
  return fc.oneof(fc.constantFrom(...allowed), any);
}

/** A number and its neighbours in the precision of doubles and floats. */
export function nextTo(value: number): readonly number[] {
  if (!Number.isFinite(value)) return [value];
  const step = Math.abs(value) * 2 ** -22 || 2 ** -149;
  return [value, value - step, value + step, value - 1, value + 1];
}
