import { createHash } from "node:crypto";
import { type HttpRequest, type HttpResponse, hasEntityTag } from "../../http/index.js";

/** A static resource: bytes in memory with a strong ETag. */
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
      // Clients store it and revalidate it each time, so that a new version appears at once.
      "cache-control": "no-cache",
      "x-content-type-options": "nosniff",
      ...headers,
    };
  }

  /** Answers GET or HEAD: 304 if the client has this version already. */
  answer(request: HttpRequest): HttpResponse {
    const known = request.header("if-none-match");
    if (known !== undefined && hasEntityTag(known, this.etag)) {
      const { "content-type": _, ...headers } = this.headers;
      return { status: 304, headers };
    }
    if (request.method === "HEAD") {
      return { status: 200, headers: { ...this.headers, "content-length": String(this.body.length) } };
    }
    return { status: 200, headers: this.headers, body: this.body };
  }
}
