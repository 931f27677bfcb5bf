import type { DescEnum, DescField, DescMessage } from "@bufbuild/protobuf";
import type { Schema } from "../keywords/index.js";
import { checkValue, type Resolve } from "./check-value.js";

/** The examples of a document, and what its schemas have against them. */
export class Examples {
  private readonly complaints: Map<DescMessage | DescEnum | DescField, string | undefined> = new Map();

  /**
   * A component without the examples that it refuses: what is an answer may lack what callers owe, so an example can be one of the
   * schema for answers and none of that for callers.
   */
  keepValid(schema: Schema, of: DescMessage | DescEnum | undefined, resolve: Resolve): Schema {
    if (of === undefined) return schema;
    const whole = this.check(schema, of, resolve);
    const { properties } = whole;
    if (of.kind === "enum" || properties === undefined) return whole;
    const checked = Object.entries(properties as Record<string, Schema | boolean>).map(([name, one]) => {
      const field = of.fields.find(({ jsonName }) => jsonName === name);
      return [name, field === undefined || typeof one === "boolean" ? one : this.check(one, field, resolve)];
    });
    return { ...whole, properties: Object.fromEntries(checked) };
  }

  /** Examples that every schema of theirs refuses, and why. */
  get refused(): readonly { readonly desc: DescMessage | DescEnum | DescField; readonly complaint: string }[] {
    return [...this.complaints].flatMap(([desc, complaint]) => (complaint === undefined ? [] : [{ desc, complaint }]));
  }

  private check(schema: Schema, of: DescMessage | DescEnum | DescField, resolve: Resolve): Schema {
    const { examples, ...rest } = schema;
    if (examples === undefined) return schema;
    const complaint = checkValue(rest as Schema, (examples as readonly unknown[])[0], resolve);
    const known = this.complaints.has(of) && this.complaints.get(of) === undefined;
    this.complaints.set(of, known ? undefined : complaint);
    return complaint === undefined ? schema : (rest as Schema);
  }
}
