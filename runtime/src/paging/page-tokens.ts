import { PotterError } from "../errors/index.js";
import { PageTokenCodec } from "./page-token-codec.js";

/** Options for the page tokens of an app. */
export interface PageTokenOptions {
  /**
   * The secret that encrypts and signs tokens: at least 32 random characters, the same for all processes. Of several, the first
   * creates tokens and all are accepted, so that a secret can be rotated. Default: one that the store keeps with the keys of
   * personal data.
   */
  readonly secret: string | readonly string[];
}

/** The page tokens of an app. The codec is available at once after the first use. */
export interface PageTokens {
  /** Returns the codec that encrypts tokens and reads them. Rejects if the secret cannot be read. */
  codec(): PageTokenCodec | Promise<PageTokenCodec>;
}

const minSecretLength = 32;

/** Page tokens by configured secrets. Throws if they are invalid. */
export function pageTokensBy({ secret }: PageTokenOptions): PageTokens {
  const secrets = typeof secret === "string" ? [secret] : secret;
  if (!Array.isArray(secrets) || secrets.some((one) => typeof one !== "string" || one.length < minSecretLength)) {
    throw new PotterError(
      "invalid_argument",
      `pageTokens.secret must be text of at least ${minSecretLength} characters, or a list of such texts`,
    );
  }
  const [first, ...others] = secrets.map((one) => new TextEncoder().encode(one));
  if (first === undefined)
    throw new PotterError("invalid_argument", "pageTokens.secret is an empty list: add at least one secret");
  const codec = new PageTokenCodec([first, ...others]);
  return { codec: () => codec };
}

/** Page tokens by a secret that is read on first use. A failed read is tried again on the next use. */
export function pageTokensFrom(read: () => Promise<Uint8Array>): PageTokens {
  let codec: PageTokenCodec | undefined;
  // Each call has its own promise: on some platforms, no request may wait for the promise of another one.
  const load = async () => {
    const secret = await read();
    codec ??= new PageTokenCodec([secret]);
    return codec;
  };
  return { codec: () => codec ?? load() };
}

/** A secret that lasts as long as this process. */
export function randomSecret(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(32));
}
