import { fingerprint } from "../../message/index.js";
import { HttpError } from "../errors/index.js";

/** Returns the strong entity tag of a version. */
export function toVersionTag(version: number): string {
  return `"${version}"`;
}

/** Returns a weak entity tag of a body: equal for equal content. */
export function toBodyTag(body: string | Uint8Array): string {
  return `W/"${fingerprint(typeof body === "string" ? new TextEncoder().encode(body) : body)}"`;
}

const tag = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g;
const tags = /^\s*(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"\s*(?:,\s*(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"\s*)*$/;

/** Reads a list of entity tags. `name` is the header. Throws an HttpError 400 for anything else. */
export function readEntityTags(name: string, header: string): readonly string[] {
  if (tags.test(header)) return header.match(tag) ?? [];
  throw new HttpError(400, "invalid_argument", `${name} must be entity tags from an ETag header, like "3", or *`);
}

/**
 * Whether `if-none-match` has a tag (RFC 9110, section 13.1.2). Uses the weak comparison, because caches between client and
 * server may have weakened the tag.
 */
export function hasEntityTag(header: string, etag: string): boolean {
  if (header.trim() === "*") return true;
  const toOpaque = (one: string): string => one.replace(/^W\//, "");
  return header.match(tag)?.some((one) => toOpaque(one) === toOpaque(etag)) ?? false;
}
