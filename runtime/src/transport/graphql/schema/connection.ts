import { invalidPage } from "../../../paging/index.js";
import type { ReadField } from "../values/index.js";
import type { Cursors, ListPosition } from "./cursors.js";
import { asSourceResolver } from "./resolver-traits.js";

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
  const connection = new Connection(new Page(all, all.slice(position.offset, end), next, end, position, cursors));
  for (const [name, read] of reader.others) {
    if (!(name in connection)) (connection as unknown as Record<string, unknown>)[name] = read(response);
  }
  return connection;
}

/** The items of a page, and how their cursors are created. */
class Page {
  readonly nodes: readonly unknown[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  private readonly length: number;
  private readonly next: string;
  private readonly position: ListPosition;
  private readonly cursors: Cursors;

  constructor(
    all: readonly unknown[],
    nodes: readonly unknown[],
    next: string,
    end: number,
    position: ListPosition,
    cursors: Cursors,
  ) {
    this.nodes = nodes;
    this.hasNextPage = next !== "" || end < all.length;
    this.hasPreviousPage = position.token !== "" || position.offset > 0;
    this.length = all.length;
    this.next = next;
    this.position = position;
    this.cursors = cursors;
  }

  cursorAt(index: number): string {
    const { cursors, length, next, position } = this;
    const offset = position.offset + index + 1;
    // The last item of a page is followed by the next page.
    return offset === length && next !== ""
      ? cursors.create({ token: next, offset: 0 })
      : cursors.create({ ...position, offset });
  }

  startCursor(): string | null {
    return this.nodes.length === 0 ? null : this.cursorAt(0);
  }

  endCursor(): string | null {
    const { cursors, length, next, nodes, position } = this;
    if (nodes.length > 0) return this.cursorAt(nodes.length - 1);
    // The service returned a shorter page that ends before the position: continue with the next one.
    const isShorter = next !== "" && position.offset >= length;
    return isShorter ? cursors.create({ token: next, offset: position.offset - length }) : null;
  }
}

/** Cursors are created by methods, which are called only if their fields are selected. */
class Connection {
  readonly nodes: readonly unknown[];
  readonly pageInfo: PageInfo;
  readonly #page: Page;

  constructor(page: Page) {
    this.nodes = page.nodes;
    this.pageInfo = new PageInfo(page);
    this.#page = page;
  }

  edges(): readonly object[] {
    const page = this.#page;
    return page.nodes.map((node, index) => ({ cursor: page.cursorAt(index), node }));
  }
}

class PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly #page: Page;

  constructor(page: Page) {
    this.hasNextPage = page.hasNextPage;
    this.hasPreviousPage = page.hasPreviousPage;
    this.#page = page;
  }

  startCursor(): string | null {
    return this.#page.startCursor();
  }

  endCursor(): string | null {
    return this.#page.endCursor();
  }
}

for (const method of [Connection.prototype.edges, PageInfo.prototype.startCursor, PageInfo.prototype.endCursor]) {
  asSourceResolver(method);
}
