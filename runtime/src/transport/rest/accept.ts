import { HttpError } from "../../http/index.js";

/** Throws 406 unless the `accept` header of a request allows the media type (RFC 9110, section 12.5.1). */
export function checkAccept(header: string | undefined, type: string): void {
  if (header === undefined || header === "*/*" || header === type) return;
  if (quality(header.toLowerCase(), type) > 0) return;
  throw new HttpError(406, "invalid_argument", `answers are of the type ${type}`);
}

/** The quality of the most specific range that matches. An empty header allows everything. */
function quality(header: string, type: string): number {
  if (header.trim() === "") return 1;
  const ranges = ["*/*", `${type.slice(0, type.indexOf("/"))}/*`, type];
  let best = -1;
  let result = 0;
  for (const part of header.split(",")) {
    const [range = "", ...parameters] = part.split(";").map((piece) => piece.trim());
    const rank = ranges.indexOf(range);
    if (rank <= best) continue;
    best = rank;
    const q = parameters.find((parameter) => parameter.startsWith("q="));
    result = q === undefined ? 1 : Number(q.slice(2)) || 0;
  }
  return result;
}
