import type { DescMessage } from "@bufbuild/protobuf";
import type { OpenApiFacts } from "../../model/index.js";
import type { Schema } from "../keywords/index.js";
import type { References } from "../values/index.js";
import { messageSchema } from "./message-schema.js";

/** The schema of a message, and what requests the types that it refers to, in their order. */
interface KnownSchema {
  readonly schema: Schema;
  readonly requests: readonly ((references: References) => Schema)[];
}

const known = new WeakMap<OpenApiFacts, WeakMap<DescMessage, Map<string, KnownSchema>>>();

/**
 * The schema of a whole message, as `messageSchema` builds it. It is built once for the same readers and the same `prefix` of
 * references: a descriptor contains all that it depends on. The object is the same then, and requests the same types.
 */
export function knownSchema(desc: DescMessage, references: References, prefix: string): Schema {
  const { facts, direction, audience } = references;
  const byDesc = known.get(facts) ?? new WeakMap<DescMessage, Map<string, KnownSchema>>();
  known.set(facts, byDesc);
  const schemas = byDesc.get(desc) ?? new Map<string, KnownSchema>();
  byDesc.set(desc, schemas);
  const key = JSON.stringify([direction, audience.labels ?? null, prefix]);
  const found = schemas.get(key);
  if (found !== undefined) {
    for (const request of found.requests) request(references);
    return found.schema;
  }
  const requests: ((references: References) => Schema)[] = [];
  const record = (request: (references: References) => Schema): Schema => {
    requests.push(request);
    return request(references);
  };
  const schema = messageSchema(desc, {
    ...references,
    message: (other) => record((of) => of.message(other)),
    enumeration: (other) => record((of) => of.enumeration(other)),
    scalar: (type) => record((of) => of.scalar(type)),
  });
  schemas.set(key, { schema, requests });
  return schema;
}
