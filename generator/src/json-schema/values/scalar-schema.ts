import { type ScalarType as Scalar, ScalarType } from "@bufbuild/protobuf";
import type { Schema } from "../keywords/index.js";
import type { Notes, RuleValues } from "../read-rules/index.js";
import { bytesSchema } from "./bytes-schema.js";
import { floatSchema, integerSchema, longSchema, rangeOf } from "./number-schema.js";
import { stringSchema } from "./string-schema.js";

/** Scalars with long schemas. They become components under their proto name. */
const components: Readonly<Record<string, { readonly type: Scalar; readonly description: string }>> = {
  int64: {
    type: ScalarType.INT64,
    description: "A whole number of 64 bits, as text, since JSON's numbers lose digits.",
  },
  uint64: {
    type: ScalarType.UINT64,
    description: "A whole number of 64 bits, not negative, as text, since JSON's numbers lose digits.",
  },
  float: { type: ScalarType.FLOAT, description: "A number of 32 bits, or NaN, Infinity or -Infinity as a string." },
  double: { type: ScalarType.DOUBLE, description: "A number of 64 bits, or NaN, Infinity or -Infinity as a string." },
};

/** Whether a scalar component has this name. */
export function isScalarName(name: string): boolean {
  return Object.hasOwn(components, name);
}

/** The component of a scalar without rules; undefined if its schema is inlined. */
export function scalarComponent(type: Scalar): { readonly name: string; readonly schema: Schema } | undefined {
  const name = componentOf(type);
  const component = name === undefined ? undefined : components[name];
  if (name === undefined || component === undefined) return undefined;
  return { name, schema: { description: component.description, ...scalarSchema(component.type, {}, []) } };
}

function componentOf(type: Scalar): string | undefined {
  if (type === ScalarType.FLOAT) return "float";
  if (type === ScalarType.DOUBLE) return "double";
  const format = rangeOf(type)?.format;
  return format?.endsWith("64") === true ? format : undefined;
}

/** The schema of a scalar under rules. Adds what no keyword can express to the notes. */
export function scalarSchema(type: Scalar, values: RuleValues, notes: Notes): Schema {
  switch (type) {
    case ScalarType.STRING:
      return stringSchema(values, notes);
    case ScalarType.BYTES:
      return bytesSchema(values, notes);
    case ScalarType.BOOL:
      return values["const"] === undefined ? { type: "boolean" } : { type: "boolean", const: values["const"] };
    case ScalarType.FLOAT:
    case ScalarType.DOUBLE:
      return floatSchema(type, values);
    default:
      return rangeOf(type)?.format.endsWith("64") === true ? longSchema(type, values) : integerSchema(type, values);
  }
}
