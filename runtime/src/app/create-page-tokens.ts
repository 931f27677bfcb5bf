import type { Logger } from "../cqrs/index.js";
import { type PageTokenOptions, type PageTokens, pageTokensBy, pageTokensFrom, randomSecret } from "../paging/index.js";
import type { PersonalData } from "../personal/index.js";

/**
 * Creates the page tokens of an app, from the configured secret or else from one that the store keeps. If the store keeps no
 * keys, the tokens are valid in this process only.
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
    if (!warned) logger.warn('page tokens are valid in this process only: pass "pageTokens.secret" to createApp');
    warned = true;
    return secret;
  });
}
