import { PotterError } from "../errors/index.js";
import type { ErrorDefinition, Rejection, Rejections } from "./rejection.js";

/**
 * The functions that make the declared errors. An error is looked up when one is made, not before: it may
 * stand in a generated file that has not been loaded yet.
 */
// biome-ignore lint/suspicious/noExplicitAny: see AnyCodec
export function createRejections<Errors>(errors: {
  readonly [name: string]: ErrorDefinition<any>;
}): Rejections<Errors> {
  return Object.fromEntries(
    Object.keys(errors).map((name) => [
      name,
      (details?: unknown): Rejection => {
        // biome-ignore lint/suspicious/noExplicitAny: see AnyCodec
        const definition = errors[name] as ErrorDefinition<any>;
        return { kind: "rejection", name, details: definition.codec.create(details), definition };
      },
    ]),
  ) as Rejections<Errors>;
}

export function isRejection(value: unknown): value is Rejection {
  return typeof value === "object" && value !== null && (value as { kind?: unknown }).kind === "rejection";
}

/** The error that callers get for a rejection. */
export function toError(rejection: Rejection): PotterError {
  const { codec, code } = rejection.definition;
  return new PotterError(code, sentence(rejection.name), {
    detail: { typeName: codec.typeName, json: codec.toJson(rejection.details) },
  });
}

/** `outOfStock` → `out of stock`. */
function sentence(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
}
