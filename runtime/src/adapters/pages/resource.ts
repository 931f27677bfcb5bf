import { createHash } from "node:crypto";
import type { HttpRequest, HttpResponse } from "../../http/index.js";

/** Something that is served as it is: bytes in memory, under a strong ETag. */
export class Resource {
  readonly body: Uint8Array;
  private readonly headers: Readonly<Record<string, string>>;
  private readonly etag: string;

  constructor(contentType: string, content: string | Uint8Array, headers: Readonly<Record<string, string>> = {}) {
    this.body = typeof content === "string" ? new TextEncoder().encode(content) : content;
    this.etag = `"${createHash("sha256").update(this.body).digest("base64url")}"`;
    this.headers = {
      "content-type": contentType,
      etag: this.etag,
      // Kept by the client, and asked about each time: a new version shows at once.
      "cache-control": "no-cache",
      "x-content-type-options": "nosniff",
      ...headers,
    };
  }

  /** The answer to GET or HEAD: 304 when the client has this version already. */
  answer(request: HttpRequest): HttpResponse {
    if (this.isKnown(request.header("if-none-match"))) {
      const { "content-type": _, ...headers } = this.headers;
      return { status: 304, headers };
    }
    if (request.method === "HEAD") {
      return { status: 200, headers: { ...this.headers, "content-length": String(this.body.length) } };
    }
    return { status: 200, headers: this.headers, body: this.body };
  }

  /** RFC 9110, section 13.1.2: weak comparison, as caches on the way may have weakened the tag. */
  private isKnown(header: string | undefined): boolean {
    if (header === undefined) return false;
    return header.split(",").some((tag) => {
      const opaque = tag.trim().replace(/^W\//, "");
      return opaque === "*" || opaque === this.etag;
    });
  }
}
