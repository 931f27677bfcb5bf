import { invalidPage } from "../../../paging/index.js";
import type { Read } from "../values/index.js";
import type { Cursors, Place } from "./cursors.js";

/** The most that a page is asked for; beyond it, services cut off or refuse. */
const largest = 1000;

/** How many items the service is asked for, so that there are `first` from a place on. undefined: as many as it sees fit. */
export function readSize(first: number | null | undefined, place: Place): number | undefined {
  if (typeof first !== "number") return undefined;
  if (first < 0) throw invalidPage("first", "must not be negative");
  // A page begins where its token says, so what comes before the place is asked for, too.
  const size = Math.min(first + place.offset, Math.max(first, largest));
  // None asked for would be as many as the service sees fit.
  return size === 0 ? 1 : size;
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
  place: Place,
  first: number | null | undefined,
  reader: PageReader,
  cursors: Cursors,
): object {
  const all = reader.items(response) as readonly unknown[];
  const next = reader.nextPageToken(response) as string;
  const end = typeof first === "number" ? place.offset + first : all.length;
  const nodes = all.slice(place.offset, end);
  const more = next !== "" || end < all.length;
  const cursorAt = (index: number): string => {
    const offset = place.offset + index + 1;
    // The last of a page is followed by the next one.
    return offset === all.length && next !== ""
      ? cursors.make({ token: next, offset: 0 })
      : cursors.make({ ...place, offset });
  };
  const last = nodes.length - 1;
  // Nothing is left of a page that was cut off before the place; the next one goes on.
  const cutOff = last < 0 && next !== "" && place.offset >= all.length;
  const goesOn = cutOff ? cursors.make({ token: next, offset: place.offset - all.length }) : null;
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
