import { type GraphQLLeafType, isEnumType } from "graphql";
import { isOwnScalar } from "../values/index.js";
import { Unwritable } from "./failures.js";
import { quote } from "./quote.js";

/** Writes the value of a scalar or an enum as JSON. Throws for values that only the other form of execution can judge. */
export type WriteLeaf = (value: unknown) => string;

/** Plans the writing of a leaf type. `required`: a missing value is an error. */
export function planLeaf(type: GraphQLLeafType, required: boolean): WriteLeaf {
  const writeOther = planSerialized(type, required);
  if (isEnumType(type)) return planEnum(writeOther);
  const write = special.get(type.name);
  if (write === undefined || !(reserved.has(type.name) || isOwnScalar(type))) return writeOther;
  return write(writeOther);
}

/** Writes what the type serialises, as JSON. */
function planSerialized(type: GraphQLLeafType, required: boolean): WriteLeaf {
  return (value) => {
    if (value === null || value === undefined) {
      if (required) throw new Unwritable();
      return "null";
    }
    if (value instanceof Error || typeof (value as { then?: unknown }).then === "function") throw new Unwritable();
    const serialized = type.serialize(value);
    if (serialized === null || serialized === undefined) throw new Unwritable();
    if (typeof serialized === "string") return quote(serialized);
    const text: string | undefined = JSON.stringify(serialized);
    if (text === undefined) throw new Unwritable();
    return text;
  };
}

function planEnum(writeOther: WriteLeaf): WriteLeaf {
  const texts = new Map<unknown, string>();
  return (value) => {
    let text = texts.get(value);
    if (text === undefined) {
      text = writeOther(value);
      if (typeof value === "string" || typeof value === "number") texts.set(value, text);
    }
    return text;
  };
}

/** The names of the specification, which no schema may give to other scalars. */
const reserved: ReadonlySet<string> = new Set(["String", "ID", "Boolean", "Int", "Float"]);

/** Writers of the values that messages have, by the name of the scalar. They pass all other values on. */
const special: ReadonlyMap<string, (writeOther: WriteLeaf) => WriteLeaf> = new Map([
  ["String", planText],
  ["ID", planText],
  ["Boolean", (other) => (value) => (value === true ? "true" : value === false ? "false" : other(value))],
  ["Int", (other) => (value) => (typeof value === "number" && (value | 0) === value ? `${value}` : other(value))],
  ["UInt32", (other) => (value) => (typeof value === "number" && value >>> 0 === value ? `${value}` : other(value))],
  ["Float", (other) => (value) => (typeof value === "number" && Number.isFinite(value) ? `${value}` : other(value))],
  ["Int64", (other) => (value) => (typeof value === "bigint" ? writeInteger(value, false, other) : other(value))],
  ["UInt64", (other) => (value) => (typeof value === "bigint" ? writeInteger(value, true, other) : other(value))],
] as [string, (writeOther: WriteLeaf) => WriteLeaf][]);

function planText(other: WriteLeaf): WriteLeaf {
  return (value) => (typeof value === "string" ? quote(value) : other(value));
}

/** Most integers are safe, and writing a number is cheaper than writing a bigint. */
function writeInteger(value: bigint, positive: boolean, other: WriteLeaf): string {
  const number = Number(value);
  return Number.isSafeInteger(number) && (number >= 0 || !positive) ? `"${number}"` : other(value);
}
