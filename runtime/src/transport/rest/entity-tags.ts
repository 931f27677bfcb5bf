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

/** Whether `if-none-match` knows a tag (RFC 9110, section 13.1.2). Compared weakly: caches on the way may have weakened it. */
export function isKnown(header: string, etag: string): boolean {
  if (header.trim() === "*") return true;
  const opaque = (one: string): string => one.replace(/^W\//, "");
  return header.match(tag)?.some((one) => opaque(one) === opaque(etag)) ?? false;
}
