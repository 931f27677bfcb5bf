import type { DescEnum, DescField, DescMessage } from "@bufbuild/protobuf";
import type { Schema } from "../keywords/index.js";
import { checkValue, type Resolve } from "./check-value.js";

/** Collects the examples of a document, and the errors of its schemas about them. */
export class Examples {
  private readonly complaints: Map<DescMessage | DescEnum | DescField, string | undefined> = new Map();

  /**
   * Returns a component without its invalid examples. Responses may lack fields that requests require, so an example
   * can be valid in the response schema only.
   */
  keepValid(schema: Schema, of: DescMessage | DescEnum | undefined, resolve: Resolve): Schema {
    if (of === undefined) return schema;
    const whole = this.check(schema, of, resolve);
    const { properties } = whole;
    if (of.kind === "enum" || properties === undefined) return whole;
    const checked = Object.entries(properties as Record<string, Schema | boolean>).map(([name, one]) => {
      const field = of.fields.find(({ jsonName }) => jsonName === name);
      return [name, field === undefined || typeof one === "boolean" ? one : this.check(one, field, resolve)] as const;
    });
    // The same schema stays the same object, whose text is known.
    if (checked.every(([name, one]) => (properties as Record<string, unknown>)[name] === one)) return whole;
    return { ...whole, properties: Object.fromEntries(checked) };
  }

  /** Examples that no schema of their element accepts, each with the first error. */
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
