import { type DescEnum, type DescField, type DescMessage, fromJson, type JsonValue, toJson } from "@bufbuild/protobuf";

/**
 * An example of others in the words of ours: ProtoJSON as the codec writes it, as JSON text. Others allow what is near
 * to a value, such as proto names or numbers of 64 bits; undefined: it is no value at all, and is left out.
 */
export function toMessageExample(desc: DescMessage, example: unknown): string | undefined {
  return print(canonical(desc, example));
}

/** The first of the examples that is a value of the field. */
export function toFieldExample(field: DescField, ...examples: readonly unknown[]): string | undefined {
  const values = examples.flatMap((example) =>
    example === undefined ? [] : [canonical(field.parent, { [field.jsonName]: example })?.[field.jsonName]],
  );
  return print(values.find((value) => value !== undefined));
}

export function toEnumExample(desc: DescEnum, example: unknown): string | undefined {
  return print(desc.values.find(({ name, number }) => name === example || number === example)?.name);
}

/** A text that should be JSON; else it stands for itself. */
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
    const said = desc.fields.filter(({ name, jsonName }) => name in example || jsonName in example);
    // What the example says is kept where it is a zero value, which the codec would leave out.
    return Object.fromEntries(
      said.flatMap(({ jsonName }) => (jsonName in all ? [[jsonName, all[jsonName] ?? null]] : [])),
    );
  } catch {
    return undefined;
  }
}

function print(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}
