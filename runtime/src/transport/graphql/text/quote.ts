/** Longer texts are quoted by JSON.stringify, which costs more for a call and less for a character. */
const maxScanned = 64;

/** Writes a JSON string. */
export function quote(text: string): string {
  const { length } = text;
  if (length > maxScanned) return JSON.stringify(text);
  for (let at = 0; at < length; at++) {
    const unit = text.charCodeAt(at);
    // Control characters, quotation marks, backslashes, and surrogates, which are escaped if they are alone.
    if (unit < 0x20 || unit === 0x22 || unit === 0x5c || (unit >= 0xd800 && unit <= 0xdfff))
      return JSON.stringify(text);
  }
  return `"${text}"`;
}
