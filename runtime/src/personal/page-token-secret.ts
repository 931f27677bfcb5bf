import { PotterError } from "../errors/index.js";
import type { Keys } from "./key-ring.js";

/** The subject under which the key of page tokens is kept, for all tenants. It is no person, and cannot be erased. */
export const pageTokensSubject = "potter:page-tokens";

/** The secret of page tokens, made if there is none: the same for all processes on one store. */
export async function readPageTokenSecret(keys: Keys): Promise<Uint8Array> {
  const key = await keys.toWrite({ tenant: "", subject: pageTokensSubject });
  if (key !== "erased") return key.raw;
  throw new PotterError(
    "failed_precondition",
    `the key of page tokens was deleted: remember "${pageTokensSubject}" for a new one, or give createApp "pageTokens.secret"`,
    { confidential: true },
  );
}
