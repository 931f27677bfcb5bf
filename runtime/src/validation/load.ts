import type { AnyMethod, LoadRules } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import type { AnyCodec } from "../message/index.js";
import { hasRules, type Validate, type Validation } from "./rules/index.js";

/**
 * Loads the rules of protovalidate. Only generated code of methods with rules imports it, so that bundlers leave protovalidate
 * and CEL out of services without rules.
 */
export const protovalidate: LoadRules = async () => {
  const { createValidation } = await import("./protovalidate/index.js");
  return createValidation();
};

/**
 * Creates the checks of requests, and of responses if `responses` is set, for the types that have rules. Rejects if a rule does
 * not compile or its method does not load rules, so that a fault is reported when the app starts and no rule is skipped.
 */
export async function loadValidation(
  methods: Iterable<AnyMethod>,
  { responses = false }: { readonly responses?: boolean } = {},
): Promise<Validation> {
  const checks = new Map<AnyCodec, Validate>();
  for (const method of methods) {
    for (const codec of responses ? [method.request, method.response] : [method.request]) {
      if (checks.has(codec) || !hasRules(codec.schema)) continue;
      if (method.rules === undefined) throw notLoaded(method, codec);
      const validation = await method.rules();
      checks.set(codec, validation(codec));
    }
  }
  return (codec) => checks.get(codec);
}

function notLoaded({ service, name }: AnyMethod, { typeName }: AnyCodec): PotterError {
  return new PotterError(
    "failed_precondition",
    `${typeName} has rules of protovalidate, which the generated code of ${service}.${name} does not load: ` +
      "generate the code again with protoc-gen-potter-cqrs of this release",
  );
}
