import type { DescMessage } from "@bufbuild/protobuf";
import type { AnyMethod } from "../cqrs/index.js";
import { encodeWithout } from "../message/index.js";
import { sha256 } from "./sha256.js";

/** What was called, as far as a list depends on it. */
export interface ListCall {
  readonly method: AnyMethod;
  readonly request: unknown;
  readonly tenant: string;
}

/**
 * Names the list that pages belong to, as a digest: of the method, the tenant, what else the caller says of it, and all of the request but the size
 * of pages and the token. A token of one list is of no use for another.
 *
 * That needs to know which field is the token: a request is left out unless it has a field `page_token`, as AIP-158 has it.
 */
export function listOf({ method, request, tenant }: ListCall, others: readonly unknown[]): Uint8Array {
  const named = [method.service, method.name, tenant, others];
  // JSON escapes zeros, so that nothing of it can be taken for the request.
  const head = new TextEncoder().encode(`${JSON.stringify(named)}\0`);
  const paging = method.stream === "unary" || method.stream === "server" ? pagingOf(method.request.schema) : undefined;
  if (paging === undefined) return sha256(head);
  const asked = encodeWithout(method.request, request, paging);
  const whole = new Uint8Array(head.length + asked.length);
  whole.set(head);
  whole.set(asked, head.length);
  return sha256(whole);
}

const known = new WeakMap<DescMessage, ReadonlySet<number> | "none">();

/** The numbers of the fields that may change from page to page. undefined: the request is not paged as AIP-158 has it. */
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
