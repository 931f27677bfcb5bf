import { invalidPage } from "../../../paging/index.js";
import type { ReadField } from "../values/index.js";
import type { Cursors, ListPosition } from "./cursors.js";

/** Maximum page size that is requested from a service; services truncate or reject larger ones. */
const maxPageSize = 1000;

/** The page size to request, so that `first` items follow the position. undefined: the service chooses. */
export function readSize(first: number | null | undefined, position: ListPosition): number | undefined {
  if (typeof first !== "number") return undefined;
  if (first < 0) throw invalidPage("first", "must not be negative");
  // A page begins at its token, so it includes the items before the position.
  const size = Math.min(first + position.offset, Math.max(first, maxPageSize));
  // With a page size of 0, the service would choose.
  return size === 0 ? 1 : size;
}

/** Readers of the fields of a paged response. */
export interface PageReader {
  readonly items: ReadField;
  readonly nextPageToken: ReadField;
  readonly others: readonly (readonly [string, ReadField])[];
}

/** Converts a paged response to a connection. */
export function toConnection(
  response: unknown,
  position: ListPosition,
  first: number | null | undefined,
  reader: PageReader,
  cursors: Cursors,
): object {
  const all = reader.items(response) as readonly unknown[];
  const next = reader.nextPageToken(response) as string;
  const end = typeof first === "number" ? position.offset + first : all.length;
  const nodes = all.slice(position.offset, end);
  const more = next !== "" || end < all.length;
  const cursorAt = (index: number): string => {
    const offset = position.offset + index + 1;
    // The last item of a page is followed by the next page.
    return offset === all.length && next !== ""
      ? cursors.create({ token: next, offset: 0 })
      : cursors.create({ ...position, offset });
  };
  const last = nodes.length - 1;
  // The service returned a shorter page that ends before the position: continue with the next one.
  const isShorter = last < 0 && next !== "" && position.offset >= all.length;
  const nextCursor = isShorter ? cursors.create({ token: next, offset: position.offset - all.length }) : null;
  return {
    ...Object.fromEntries(reader.others.map(([name, read]) => [name, read(response)])),
    edges: () => nodes.map((node, index) => ({ cursor: cursorAt(index), node })),
    nodes,
    // Functions, so that cursors are created only if they are selected.
    pageInfo: {
      hasNextPage: more,
      hasPreviousPage: position.token !== "" || position.offset > 0,
      startCursor: () => (last < 0 ? null : cursorAt(0)),
      endCursor: () => (last < 0 ? nextCursor : cursorAt(last)),
    },
  };
}
