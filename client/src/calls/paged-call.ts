import type { Pages } from "../contract/index.js";
import { Call } from "./call.js";

type Fields = Readonly<Record<string, unknown>>;

/** A call of a list: a promise of one page, and an async iterable of the items of this and all further pages. */
export class PagedCall<Response, Item, Errors> extends Call<Response, Errors> implements AsyncIterable<Item> {
  /** The responses, page by page: this one, and those that follow. */
  async *pages(): AsyncGenerator<Response, void, undefined> {
    const { next = "nextPageToken", token = "pageToken" } = this.#names;
    for (let page: Call<Response, Errors> = this; ; ) {
      const response = await page;
      yield response;
      const following = (response as Fields)[next];
      if (!following) return;
      const request = { ...(this.request as Fields), [token]: following };
      page = new Call(this.caller, this.method, request, this.options);
    }
  }

  /** The items, of one page after the other. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for await (const page of this.pages()) {
      yield* ((page as Fields)[this.#names.items] ?? []) as readonly Item[];
    }
  }

  get #names(): Pages {
    return this.method.pages as Pages;
  }
}
