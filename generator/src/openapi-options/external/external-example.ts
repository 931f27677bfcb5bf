import { type DescEnum, type DescField, type DescMessage, fromJson, type JsonValue, toJson } from "@bufbuild/protobuf";

/**
 * Converts an example from another project's option to ProtoJSON text. Tolerates proto names and 64-bit numbers;
 * undefined if it is not a value of the message.
 */
export function toMessageExample(desc: DescMessage, example: unknown): string | undefined {
  return print(canonical(desc, example));
}

/** The first example that is a value of the field. */
export function toFieldExample(field: DescField, ...examples: readonly unknown[]): string | undefined {
  const values = examples.flatMap((example) =>
    example === undefined ? [] : [canonical(field.parent, { [field.jsonName]: example })?.[field.jsonName]],
  );
  return print(values.find((value) => value !== undefined));
}

export function toEnumExample(desc: DescEnum, example: unknown): string | undefined {
  return print(desc.values.find(({ name, number }) => name === example || number === example)?.name);
}

/** Parses JSON. Text that is not JSON is taken as a string. */
export function parseText(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function canonical(desc: DescMessage, example: unknown): { readonly [name: string]: JsonValue } | undefined {
  if (typeof example !== "object" || example === null) return undefined;
  try {
    const value = fromJson(desc, example as JsonValue);
    const all = toJson(desc, value, { alwaysEmitImplicit: true }) as { readonly [name: string]: JsonValue };
    const present = desc.fields.filter(({ name, jsonName }) => name in example || jsonName in example);
    // Zero values of the example are kept, which the codec would omit.
    return Object.fromEntries(
      present.flatMap(({ jsonName }) => (jsonName in all ? [[jsonName, all[jsonName] ?? null]] : [])),
    );
  } catch {
    return undefined;
  }
}

function print(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}
