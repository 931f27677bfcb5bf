import type { DescField, DescMessage } from "@bufbuild/protobuf";

/** A step of a field path: the name of a field, the index of an item or the key of an entry. */
export interface FieldStep {
  readonly kind: "field" | "element";
  readonly name: string;
}

const step = /\.?([^.[\]]+)|\[("(?:[^"\\]|\\.)*"|[^\]]*)\]/gy;

/** Reads a field path as violations write it: `lines[0].labels["a"]`. */
export function readFieldPath(path: string): FieldStep[] {
  const steps: FieldStep[] = [];
  for (const [, field, element] of path.matchAll(step)) {
    if (field !== undefined) steps.push({ kind: "field", name: field });
    else if (element !== undefined) steps.push({ kind: "element", name: unquote(element) });
  }
  return steps;
}

function unquote(element: string): string {
  if (!element.startsWith('"')) return element;
  try {
    return String(JSON.parse(element));
  } catch {
    return element.slice(1, -1);
  }
}

/** Returns the JSON Pointer (RFC 6901) of a field in the ProtoJSON of a message: `/lines/0/unitPrice`. */
export function toJsonPointer(schema: DescMessage, steps: readonly FieldStep[]): string {
  let message: DescMessage | undefined = schema;
  let pointer = "";
  for (const { kind, name } of steps) {
    let token = name;
    if (kind === "field") {
      const field: DescField | undefined = message?.fields.find((candidate) => candidate.name === name);
      const oneof = field === undefined ? message?.oneofs.find((candidate) => candidate.name === name) : undefined;
      // A oneof is no member of the JSON object: the violation concerns the object.
      if (oneof !== undefined) continue;
      token = field?.jsonName ?? name;
      message = field?.message;
    }
    pointer += `/${token.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  }
  return pointer;
}
