import type { AnyCodec } from "../message/index.js";
import { hasRules, type Validate, type Validation } from "./rules/index.js";

/**
 * Makes the checks of those types that carry rules of protovalidate. Only then is protovalidate loaded. Rejects when
 * a rule does not compile, so that a mistake in the contract shows when the app starts.
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
