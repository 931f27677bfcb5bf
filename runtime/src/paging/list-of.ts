import type { DescMessage } from "@bufbuild/protobuf";
import type { AnyMethod } from "../cqrs/index.js";
import { encodeWithout } from "../message/index.js";
import { sha256 } from "./sha256.js";

/** The parts of a call that a list depends on. */
export interface ListCall {
  readonly method: AnyMethod;
  readonly request: unknown;
  readonly tenant: string;
}

/**
 * Identifies the list that pages belong to, by a digest of the method, the tenant, further values, and the request without page
 * size and page token. So a token of one list cannot be used for another.
 *
 * The request counts only if it has a field `page_token`, as in AIP-158: otherwise it is not known which field is the token.
 */
export function listOf({ method, request, tenant }: ListCall, others: readonly unknown[]): Uint8Array {
  const named = [method.service, method.name, tenant, others];
  // JSON escapes zero characters, so this separator is unambiguous.
  const head = new TextEncoder().encode(`${JSON.stringify(named)}\0`);
  const paging = method.stream === "unary" || method.stream === "server" ? pagingOf(method.request.schema) : undefined;
  if (paging === undefined) return sha256(head);
  const encoded = encodeWithout(method.request, request, paging);
  const whole = new Uint8Array(head.length + encoded.length);
  whole.set(head);
  whole.set(encoded, head.length);
  return sha256(whole);
}

const known = new WeakMap<DescMessage, ReadonlySet<number> | "none">();

/** The numbers of the fields that may change from page to page. undefined: the request is not paged as in AIP-158. */
function pagingOf(schema: DescMessage): ReadonlySet<number> | undefined {
  let found = known.get(schema);
  if (found === undefined) {
    const { fields } = schema;
    const isPaged = fields.some(({ name }) => name === "page_token");
    // A request may page several lists.
    const paging = fields.filter(({ name }) => name === "skip" || /(^|_)page_(size|token)$/.test(name));
    found = isPaged ? new Set(paging.map(({ number }) => number)) : "none";
    known.set(schema, found);
  }
  return found === "none" ? undefined : found;
}
