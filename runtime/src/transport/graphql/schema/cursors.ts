import { invalidPage, type ListCall, listOf, type PageTokenCodec } from "../../../paging/index.js";

/** The position of an item: the token of its page, and its offset in that page. */
export interface ListPosition {
  readonly token: string;
  readonly offset: number;
}

const start: ListPosition = { token: "", offset: 0 };

/** Creates and reads the cursors of one paged list. A cursor contains a page token of the service. */
export class Cursors {
  private readonly codec: PageTokenCodec;
  private readonly call: () => ListCall;
  private list: Uint8Array | undefined;

  /** `call`: identifies the list, ignoring page size and page token. Called only when a cursor is created or read. */
  constructor(codec: PageTokenCodec, call: () => ListCall) {
    this.codec = codec;
    this.call = call;
  }

  create({ token, offset }: ListPosition): string {
    return this.codec.seal(this.named(), `${offset}:${token}`);
  }

  /** The position after which the page begins. Throws `invalid_argument` for a cursor of another list. */
  read(after: string | null | undefined): ListPosition {
    if (after === undefined || after === null || after === "") return start;
    const position = this.codec.open(this.named(), after);
    if (position === undefined) {
      throw invalidPage(
        "after",
        "is not a cursor of this list: send one from the previous page with all other arguments unchanged, or none for the first page",
      );
    }
    const colon = position.indexOf(":");
    return { token: position.slice(colon + 1), offset: Number(position.slice(0, colon)) };
  }

  private named(): Uint8Array {
    this.list ??= listOf(this.call(), ["cursors"]);
    return this.list;
  }
}
