import { invalidPage, type ListCall, listOf, type PageTokenCodec } from "../../../paging/index.js";

/** Where an item stands: on the page that begins at a token, so many after its first. */
export interface Place {
  readonly token: string;
  readonly offset: number;
}

const start: Place = { token: "", offset: 0 };

/** The cursors of one paged list. They hold the tokens of its service, whoever made these. */
export class Cursors {
  private readonly codec: PageTokenCodec;
  private readonly call: () => ListCall;
  private list: Uint8Array | undefined;

  /** `call`: whose size of pages and token do not count. Asked for only where there are cursors. */
  constructor(codec: PageTokenCodec, call: () => ListCall) {
    this.codec = codec;
    this.call = call;
  }

  make({ token, offset }: Place): string {
    return this.codec.seal(this.named(), `${offset}:${token}`);
  }

  /** The place after which to go on. Throws an `invalid_argument` for what is no cursor of this list. */
  read(after: string | null | undefined): Place {
    if (after === undefined || after === null || after === "") return start;
    const place = this.codec.open(this.named(), after);
    if (place === undefined) {
      throw invalidPage(
        "after",
        "is not of this list: send a cursor of the page before, with all other arguments as they were, or none for the first page",
      );
    }
    const colon = place.indexOf(":");
    return { token: place.slice(colon + 1), offset: Number(place.slice(0, colon)) };
  }

  private named(): Uint8Array {
    this.list ??= listOf(this.call(), ["cursors"]);
    return this.list;
  }
}
