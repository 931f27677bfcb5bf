import type { OpenApiValue } from "./document.js";

/** An operation of a document. */
export interface Operation {
  /** The path template, as the document has it. */
  readonly path: string;
  /** In lower case. */
  readonly method: string;
  readonly id: string | undefined;
}

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/** All operations of a document. */
export function listOperations({ paths = {} }: OpenApiValue): readonly Operation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => methods.includes(method))
      .map(([method, { operationId: id }]: [string, { readonly operationId?: string }]) => ({ path, method, id })),
  );
}
