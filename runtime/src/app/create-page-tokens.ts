import type { Logger } from "../cqrs/index.js";
import { type PageTokenOptions, type PageTokens, pageTokensBy, pageTokensFrom, randomSecret } from "../paging/index.js";
import type { PersonalData } from "../personal/index.js";

/**
 * The page tokens of an app: by the secret that it was given, else by one that the store keeps. Where it keeps no keys, tokens hold as long as
 * the process.
 */
export function createPageTokens(
  options: PageTokenOptions | undefined,
  { pageTokenSecret }: PersonalData,
  logger: Logger,
): PageTokens {
  if (options !== undefined) return pageTokensBy(options);
  if (pageTokenSecret !== undefined) return pageTokensFrom(pageTokenSecret);
  const secret = randomSecret();
  let warned = false;
  return pageTokensFrom(async () => {
    if (!warned) logger.warn('page tokens are of use in this process only: give createApp "pageTokens.secret"');
    warned = true;
    return secret;
  });
}
