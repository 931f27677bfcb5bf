/** Whether a `content-type` is JSON in UTF-8: `application/json` or `application/…+json`. */
export function isJsonType(type: string): boolean {
  return /^application\/(?:[\w.!#$&^-]+\+)?json$/.test(toMediaType(type)) && isUtf8Type(type);
}

/** Returns the media type of a `content-type`, without parameters and in lower case. */
export function toMediaType(type: string): string {
  const semicolon = type.indexOf(";");
  return (semicolon < 0 ? type : type.slice(0, semicolon)).trim().toLowerCase();
}

/** Whether a `content-type` names no charset, or UTF-8. */
export function isUtf8Type(type: string): boolean {
  const [, ...parameters] = type.toLowerCase().split(";");
  return parameters.every(
    (parameter) => !/^\s*charset=/.test(parameter) || /^\s*charset="?utf-?8"?\s*$/.test(parameter),
  );
}
