import type { DescEnum } from "@bufbuild/protobuf";
import { readComment } from "../../descriptors/index.js";
import type { OpenApiFacts } from "../../model/index.js";
import { describe, parseExample, type Schema } from "../keywords/index.js";
import type { RuleValues } from "../read-rules/index.js";

/** Builds the schema of an enum: its names, and their comments in the description. */
export function enumSchema(desc: DescEnum, facts: OpenApiFacts): Schema {
  const options = facts.schema(desc);
  const values = desc.values.flatMap((value) => {
    const comment = readComment(value).replace(/\s+/g, " ");
    return comment === "" ? [] : [`- \`${value.name}\`: ${comment}`];
  });
  const text = options.description ?? readComment(desc);
  return {
    title: options.title ?? desc.name,
    ...describe(text, values.length === 0 ? [] : [values.join("\n")]),
    type: "string",
    enum: desc.values.map(({ name }) => name),
    ...(desc.deprecated && { deprecated: true }),
    ...parseExample(options.example),
    ...(options.externalDocs && { externalDocs: options.externalDocs }),
  };
}

/** The names that rules allow; undefined if they allow all. */
export function restrictEnum(desc: DescEnum, values: RuleValues, withoutZero: boolean): Schema | undefined {
  const {
    const: only,
    in: some,
    notIn,
  } = values as {
    const?: number;
    in?: readonly number[];
    notIn?: readonly number[];
  };
  const left = desc.values.filter(
    ({ number }) =>
      (only === undefined || number === only) &&
      (some === undefined || some.includes(number)) &&
      !(notIn ?? []).includes(number) &&
      !(withoutZero && number === 0),
  );
  if (left.length === desc.values.length) return undefined;
  return left.length === 0 ? { not: {} } : { type: "string", enum: left.map(({ name }) => name) };
}
