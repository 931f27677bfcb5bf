import type { ReadonlyMetadata } from "../../../cqrs/index.js";
import { PotterError } from "../../../errors/index.js";
import { type HttpFields, toFields } from "../../../http/index.js";

/** Headers that concern the connection or the body, which handlers cannot set. */
const ofHttp: readonly string[] = [
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** Returns names that handlers cannot set: those of HTTP, and `names`, which a protocol sends itself. */
export function reserveFields(...names: readonly string[]): HttpFields {
  return Object.freeze(Object.fromEntries([...ofHttp, ...names].map((name) => [name, ""])));
}

const validName = /^[\w!#$%&'*+.^`|~-]+$/;
const validValue = /^[\x20-\x7e]*$/;

/**
 * Groups what a handler has added to its response by name, without reserved names. Throws a PotterError `internal` for what cannot be
 * sent: a line break in a value would begin another field.
 */
export function toResponseFields(metadata: ReadonlyMetadata, reserved: HttpFields): Record<string, string | string[]> {
  const fields = toFields(metadata, reserved);
  for (const [name, value] of Object.entries(fields)) {
    if (!validName.test(name))
      throw invalid(name, "a name with characters that names of headers cannot have: rename it");
    const isValid = typeof value === "string" ? validValue.test(value) : value.every((one) => validValue.test(one));
    if (isValid) continue;
    throw invalid(
      name,
      "a value with characters other than printable ASCII: send base64 under a name that ends in -bin",
    );
  }
  return fields;
}

function invalid(name: string, fault: string): PotterError {
  return new PotterError("internal", `the handler has added the metadata ${JSON.stringify(name)}, which has ${fault}`);
}
