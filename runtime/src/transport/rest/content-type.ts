/** Whether a `content-type` is JSON in UTF-8. */
export function isJsonType(type: string): boolean {
  const [mediaType = "", ...parameters] = type.toLowerCase().split(";");
  if (!/^application\/(?:[\w.!#$&^-]+\+)?json$/.test(mediaType.trim())) return false;
  return parameters.every(
    (parameter) => !/^\s*charset=/.test(parameter) || /^\s*charset="?utf-?8"?\s*$/.test(parameter),
  );
}

/** The media type of a `content-type`, without parameters and in lower case. */
export function toMediaType(type: string): string {
  const semicolon = type.indexOf(";");
  return (semicolon < 0 ? type : type.slice(0, semicolon)).trim().toLowerCase();
}
