/**
 * Text that does no more to a terminal than to be shown there: events hold what callers sent, and a caller must not
 * be able to move the cursor of whoever looks at them.
 */
export function printable(text: string): string {
  return text.replaceAll(/[^\P{C}\n]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** A message without the user and password of any URL in it. */
export function withoutSecrets(text: string): string {
  return text.replaceAll(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*(?:@[^\s/@]*)*@/gi, "$1…@");
}
