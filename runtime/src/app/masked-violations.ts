import { type DescMessage, fromBinary, isMessage } from "@bufbuild/protobuf";
import type { AnyMethod } from "../cqrs/index.js";
import type { Violation } from "../errors/index.js";
import { readFieldPath } from "../http/index.js";

/** Selects the violations of a request that apply. */
export type ChooseViolations = (request: unknown, violations: readonly Violation[]) => readonly Violation[];

/**
 * Ignores violations of fields that a partial update does not touch, and of the resource as a whole: the request holds only a
 * part of the resource. Returns undefined if the method is no partial update.
 */
export function createMaskedViolations({ request: codec, updateMask }: AnyMethod): ChooseViolations | undefined {
  const { schema } = codec;
  const mask = schema.fields.find(({ name }) => name === updateMask?.mask);
  const resource = schema.fields.find(({ name }) => name === updateMask?.resource);
  if (mask === undefined || resource?.fieldKind !== "message") return undefined;
  const name = mask.localName;
  return (request, violations) => {
    const message = isMessage(request, schema) ? request : fromBinary(schema, codec.encode(request));
    const { paths } = (
      message as unknown as Readonly<Record<string, { readonly paths?: readonly string[] } | undefined>>
    )[name] ?? { paths: undefined };
    if (paths === undefined || paths.includes("*")) return violations;
    return violations.filter(({ field, rule }) => {
      const [first, ...steps] = readFieldPath(field).filter(({ kind }) => kind === "field");
      if (first?.name !== resource.name) return true;
      if (steps.length === 0) return rule === "required";
      const path = steps.map((step) => step.name);
      return paths.some((one) => covers(resource.message, one.split("."), path));
    });
  };
}

/** Whether a path of a mask includes the path of a violation. Any member of a oneof includes the oneof. */
function covers(resource: DescMessage, mask: readonly string[], path: readonly string[]): boolean {
  let message: DescMessage | undefined = resource;
  for (const [index, name] of mask.entries()) {
    const field: DescMessage["fields"][number] | undefined = message?.fields.find((one) => one.name === name);
    if (path[index] !== name && (field?.oneof === undefined || field.oneof.name !== path[index])) return false;
    message = field?.message;
  }
  return true;
}
