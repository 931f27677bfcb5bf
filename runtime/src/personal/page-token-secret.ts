import { PotterError } from "../errors/index.js";
import type { Keys } from "./key-ring.js";

/** The subject under which the key of page tokens is stored, for all tenants. It is not a person, and cannot be erased. */
export const pageTokensSubject = "potter:page-tokens";

/** Reads the secret of page tokens, which all processes on one store share. Creates it if there is none. */
export async function readPageTokenSecret(keys: Keys): Promise<Uint8Array> {
  const key = await keys.toWrite({ tenant: "", subject: pageTokensSubject });
  if (key !== "erased") return key.raw;
  throw new PotterError(
    "failed_precondition",
    `the key of page tokens was deleted: readmit the subject "${pageTokensSubject}", or give createApp "pageTokens.secret"`,
    { confidential: true },
  );
}
