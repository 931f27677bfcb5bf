import type { ExpectedVersion } from "../../cqrs/index.js";
import { HttpError } from "../../http/index.js";
import { fingerprint } from "../../message/index.js";

/** The strong tag of a version. */
export function toVersionTag(version: number): string {
  return `"${version}"`;
}

/** A weak tag of a body: the same for the same content. */
export function toBodyTag(body: string | Uint8Array): string {
  return `W/"${fingerprint(typeof body === "string" ? new TextEncoder().encode(body) : body)}"`;
}

const tag = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g;
const tags = /^\s*(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"\s*(?:,\s*(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"\s*)*$/;

function readTags(name: string, header: string): readonly string[] {
  if (tags.test(header)) return header.match(tag) ?? [];
  throw new HttpError(400, "invalid_argument", `${name} must be entity tags as ETag gave them, like "3", or *`);
}

/**
 * The versions that `if-match` allows (RFC 9110, section 13.1.1). Throws 412 when no version can match: weak tags never
 * do, nor do those that are no version.
 */
export function readIfMatch(header: string): ExpectedVersion {
  if (header.trim() === "*") return "any";
  const versions = readTags("If-Match", header).flatMap((one) => {
    const version = /^"(\d{1,15})"$/.exec(one)?.[1];
    return version === undefined ? [] : [Number(version)];
  });
  const [first, ...more] = versions;
  if (first === undefined) throw new HttpError(412, "aborted", "no entity tag of If-Match is a version");
  return more.length === 0 ? first : versions;
}

/** Whether `if-none-match` knows a tag (RFC 9110, section 13.1.2). Compared weakly: caches on the way may have weakened it. */
export function isKnown(header: string, etag: string): boolean {
  if (header.trim() === "*") return true;
  const opaque = (one: string): string => one.replace(/^W\//, "");
  return header.match(tag)?.some((one) => opaque(one) === opaque(etag)) ?? false;
}
