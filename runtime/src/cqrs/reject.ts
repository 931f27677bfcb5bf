import { PotterError } from "../errors/index.js";
import { withoutPersonal } from "../message/index.js";
import type { ErrorDefinitions, Rejection, Rejections } from "./rejection.js";

/** The functions that make the declared errors. */
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

export function isRejection(value: unknown): value is Rejection {
  return typeof value === "object" && value !== null && (value as { kind?: unknown }).kind === "rejection";
}

/** The error that callers get for a rejection. What is personal in its details stays inside. */
export function toError(rejection: Rejection): PotterError {
  const { codec, code } = rejection.definition;
  const json = withoutPersonal(codec.schema, codec.toJson(rejection.details));
  return new PotterError(code, sentence(rejection.name), { detail: { typeName: codec.typeName, json } });
}

/** `outOfStock` → `out of stock`. */
function sentence(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
}
