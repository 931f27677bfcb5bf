import { PageTokenCodec } from "./page-token-codec.js";

/** How the page tokens of an app are made. */
export interface PageTokenOptions {
  /**
   * What tokens are encrypted and signed by, at least 32 characters that nobody can guess, the same for all processes. Of several, the first makes
   * tokens and all are taken, so that one can be replaced by the next. Default: one that the store keeps beside the keys of personal data.
   */
  readonly secret: string | readonly string[];
}

/** The page tokens of an app. Its codec is known at once, but for the first time. */
export interface PageTokens {
  codec(): PageTokenCodec | Promise<PageTokenCodec>;
}

const minSecretLength = 32;

/** Tokens by secrets that the user gives. Throws if they are not right. */
export function pageTokensBy({ secret }: PageTokenOptions): PageTokens {
  const secrets = typeof secret === "string" ? [secret] : secret;
  if (!Array.isArray(secrets) || secrets.some((one) => typeof one !== "string" || one.length < minSecretLength)) {
    throw new Error(
      `pageTokens.secret must be text of at least ${minSecretLength} characters, or a list of such texts`,
    );
  }
  const [first, ...others] = secrets.map((one) => new TextEncoder().encode(one));
  if (first === undefined) throw new Error("pageTokens.secret is an empty list: give at least one secret");
  const codec = new PageTokenCodec([first, ...others]);
  return { codec: () => codec };
}

/** Tokens by a secret that is read when it is needed first. What fails is tried again by whoever needs it next. */
export function pageTokensFrom(read: () => Promise<Uint8Array>): PageTokens {
  let codec: PageTokenCodec | undefined;
  // Each call waits for a promise of its own: where waits belong to a request, one must not be that of another.
  const load = async () => {
    const secret = await read();
    codec ??= new PageTokenCodec([secret]);
    return codec;
  };
  return { codec: () => codec ?? load() };
}

/** A secret for as long as this process runs. */
export function randomSecret(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(32));
}
