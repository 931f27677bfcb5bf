import { type DescMessage, ScalarType } from "@bufbuild/protobuf";
import type { ErrorModel, MethodModel } from "@potter/generator";
import type { Comparison } from "../../contract/index.js";
import { inHead } from "../../findings/index.js";
import type { Rule } from "../rule.js";

/** A declared error keeps its name, by which all clients recognise it. */
export const errorNames: Rule = (comparison, findings) => {
  for (const [base, head] of renamedErrors(comparison)) {
    const [before, now] = [base.desc.typeName, head.desc.typeName];
    findings.report("error-renamed", before, inHead(head.desc), before, now);
  }
};

/**
 * Finds the errors that have another name: one that is gone, and a new one of the same code and fields that a command declares in its
 * place.
 */
export function renamedErrors({ errors, methods }: Comparison): ReadonlyMap<ErrorModel, ErrorModel> {
  const renamed = new Map<ErrorModel, ErrorModel>();
  for (const { base, head } of methods.kept) {
    const candidates = errors.added.filter((error) => errorsOf(head).includes(error));
    for (const gone of errors.gone.filter((error) => errorsOf(base).includes(error))) {
      const now = candidates.find(
        (error) => shapeOf(error) === shapeOf(gone) && ![...renamed.values()].includes(error),
      );
      if (now !== undefined && !renamed.has(gone)) renamed.set(gone, now);
    }
  }
  return renamed;
}

/** The errors that a method declares. */
export function errorsOf({ role }: MethodModel): readonly ErrorModel[] {
  return role.kind === "command" ? role.errors : [];
}

function shapeOf({ code, desc }: ErrorModel): string {
  return [code, ...fieldsOf(desc)].join();
}

function fieldsOf({ fields }: DescMessage): readonly string[] {
  return fields.map(({ number, jsonName, fieldKind, scalar, message, enum: type }) => {
    const kind = message?.typeName ?? type?.typeName ?? (scalar === undefined ? "" : ScalarType[scalar]);
    return `${number} ${jsonName} ${fieldKind} ${kind}`;
  });
}
