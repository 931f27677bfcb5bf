import type { AnyCodec } from "../message/index.js";
import { hasRules, type Validate, type Validation } from "./rules/index.js";

/**
 * Creates the checks of the types that have rules of protovalidate; loads protovalidate only if there are any. Rejects if a rule
 * does not compile, so that an error in the contract is reported when the app starts.
 */
export async function loadValidation(codecs: Iterable<AnyCodec>): Promise<Validation> {
  const carriers = [...new Set(codecs)].filter((codec) => hasRules(codec.schema));
  const checks = new Map<AnyCodec, Validate>();
  if (carriers.length > 0) {
    const { createValidation } = await import("./protovalidate/index.js");
    const validation = createValidation();
    for (const codec of carriers) checks.set(codec, validation(codec));
  }
  return (codec) => checks.get(codec);
}
