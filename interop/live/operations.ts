import type { OperationObject, ShopDocument } from "./shop-document.js";

/** An operation of a document, and where it is. */
export interface Operation {
  readonly id: string;
  /** Upper case. */
  readonly method: string;
  /** As a template: `/v1/orders/{orderId}:ship`. */
  readonly path: string;
  readonly object: OperationObject;
}

const methods = ["get", "put", "post", "delete", "patch"];

/** All operations of a document. */
export function listOperations(document: ShopDocument): readonly Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const object = item[method];
      return object === undefined ? [] : [{ id: object.operationId, method: method.toUpperCase(), path, object }];
    }),
  );
}

/** The operation that serves a path: of several matching templates, the one with the most literal characters. */
export function findOperation(document: ShopDocument, method: string, path: string): Operation | undefined {
  const plain = (template: string): number => template.replaceAll(/\{[^}]*\}/g, "").length;
  return listOperations(document)
    .filter((operation) => operation.method === method && toPattern(operation.path).test(path))
    .sort((a, b) => plain(b.path) - plain(a.path))[0];
}

function toPattern(template: string): RegExp {
  const parts = template.split(/\{[^}]*\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^/]+")}$`);
}

/** The types of the declared errors in a document: `urn:proto:` and the name of a message. */
export function listErrorTypes(value: unknown): ReadonlySet<string> {
  if (typeof value === "string") return new Set(value.startsWith("urn:proto:") ? [value] : []);
  if (typeof value !== "object" || value === null) return new Set();
  return new Set(Object.values(value).flatMap((part) => [...listErrorTypes(part)]));
}
