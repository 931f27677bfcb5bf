import type { MethodInfo, Pages } from "../contract/index.js";
import { Call } from "./call.js";
import type { CallOptions } from "./options.js";
import type { Caller } from "./prepare.js";

type Fields = Readonly<Record<string, unknown>>;

/** A call of a list: a promise of one page, and an async iterable of the items of this and all further pages. */
export class PagedCall<Response, Item, Errors> extends Call<Response, Errors> implements AsyncIterable<Item> {
  readonly #pages: Pages;
  readonly #next: (token: string) => Call<Response, Errors>;

  constructor(caller: Caller, method: MethodInfo & { readonly pages: Pages }, request: Fields, options?: CallOptions) {
    super(caller, method, request, options);
    const { pages } = method;
    this.#pages = pages;
    this.#next = (token) => new Call(caller, method, { ...request, [pages.token ?? "pageToken"]: token }, options);
  }

  /** The responses, page by page: this one, and those that follow. */
  async *pages(): AsyncGenerator<Response, void, undefined> {
    for (let page: Call<Response, Errors> = this; ; ) {
      const response = await page;
      yield response;
      const token = (response as Fields)[this.#pages.next ?? "nextPageToken"];
      if (!token) return;
      page = this.#next(token as string);
    }
  }

  /** The items, of one page after the other. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for await (const page of this.pages()) {
      yield* ((page as Fields)[this.#pages.items] ?? []) as readonly Item[];
    }
  }
}
