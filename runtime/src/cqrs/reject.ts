import { PotterError } from "../errors/index.js";
import { withoutPersonal } from "../message/index.js";
import type { ErrorDefinitions, Rejection, Rejections } from "./rejection.js";

/** Creates the functions that create the declared errors. */
export function createRejections<Errors>(errors: ErrorDefinitions): Rejections<Errors> {
  return Object.fromEntries(
    Object.entries(errors).map(([name, definition]) => [
      name,
      (details?: unknown): Rejection => ({
        kind: "rejection",
        name,
        details: definition.codec.create(details),
        definition,
      }),
    ]),
  ) as Rejections<Errors>;
}

/** Whether the return value of a handler is a rejection. */
export function isRejection(value: unknown): value is Rejection {
  return typeof value === "object" && value !== null && (value as { kind?: unknown }).kind === "rejection";
}

/** Converts a rejection to the error that callers receive, without the personal fields of its details. */
export function toError(rejection: Rejection): PotterError {
  const { codec, code } = rejection.definition;
  const json = withoutPersonal(codec.schema, codec.toJson(rejection.details));
  // Read again from its JSON, which has lost the personal fields.
  const encode = () => codec.encode(codec.fromJson(json));
  return new PotterError(code, sentence(rejection.name), { detail: { typeName: codec.typeName, json, encode } });
}

/** `outOfStock` → `out of stock`. */
function sentence(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
}
