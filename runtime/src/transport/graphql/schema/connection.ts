import { PotterError } from "../../../errors/index.js";
import type { Read } from "./read-field.js";

/** Where an item stands: on the page that begins at a token, so many after its first. */
interface Place {
  readonly token: string;
  readonly offset: number;
}

/** What is asked of the service for the arguments of a connection. */
export interface PageRequest {
  readonly size: number | undefined;
  readonly place: Place;
}

/** The most that a page is asked for; beyond it, services cut off or refuse. */
const largest = 1000;

/** Reads `first` and `after`. Throws an `invalid_argument` for a cursor that is none. */
export function readPage(args: { readonly first?: number | null; readonly after?: string | null }): PageRequest {
  const { first, after } = args;
  if (typeof first === "number" && first < 0) throw invalid("first", "must not be negative");
  const place = typeof after === "string" && after !== "" ? fromCursor(after) : { token: "", offset: 0 };
  // A page begins where its token says, so what comes before the place is asked for, too.
  const size = typeof first === "number" ? Math.min(first + place.offset, Math.max(first, largest)) : undefined;
  // None asked for would be as many as the service sees fit.
  return { size: size === 0 ? 1 : size, place };
}

/** How the fields of a paged response are read. */
export interface PageReader {
  readonly items: Read;
  readonly nextPageToken: Read;
  readonly others: readonly (readonly [string, Read])[];
}

/** The connection that a response is. */
export function toConnection(
  response: unknown,
  { place }: PageRequest,
  first: number | null | undefined,
  reader: PageReader,
): object {
  const all = reader.items(response) as readonly unknown[];
  const next = reader.nextPageToken(response) as string;
  const end = typeof first === "number" ? place.offset + first : all.length;
  const nodes = all.slice(place.offset, end);
  const more = next !== "" || end < all.length;
  const cursorAt = (index: number): string => {
    const offset = place.offset + index + 1;
    // The last of a page is followed by the next one.
    return offset === all.length && next !== "" ? toCursor({ token: next, offset: 0 }) : toCursor({ ...place, offset });
  };
  const last = nodes.length - 1;
  // Nothing is left of a page that was cut off before the place; the next one goes on.
  const cutOff = last < 0 && next !== "" && place.offset >= all.length;
  const goesOn = cutOff ? toCursor({ token: next, offset: place.offset - all.length }) : null;
  return {
    ...Object.fromEntries(reader.others.map(([name, read]) => [name, read(response)])),
    edges: () => nodes.map((node, index) => ({ cursor: cursorAt(index), node })),
    nodes,
    // Cursors are made for those who ask.
    pageInfo: {
      hasNextPage: more,
      hasPreviousPage: place.token !== "" || place.offset > 0,
      startCursor: () => (last < 0 ? null : cursorAt(0)),
      endCursor: () => (last < 0 ? goesOn : cursorAt(last)),
    },
  };
}

/** Opaque, so that nobody builds one. */
function toCursor({ token, offset }: Place): string {
  const bytes = new TextEncoder().encode(`${offset}:${token}`);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function fromCursor(cursor: string): Place {
  try {
    const bytes = Uint8Array.from(atob(cursor), (char) => char.charCodeAt(0));
    const [, offset, token] =
      /^(\d{1,6}):([\s\S]*)$/.exec(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) ?? [];
    if (offset !== undefined && token !== undefined) return { token, offset: Number(offset) };
  } catch {
    // Told below.
  }
  throw invalid("after", "must be a cursor from an answer before");
}

function invalid(field: string, message: string): PotterError {
  return new PotterError("invalid_argument", `${field} ${message}`, { violations: [{ field, rule: "page", message }] });
}
