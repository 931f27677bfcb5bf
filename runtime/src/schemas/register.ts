import type { DescMessage } from "@bufbuild/protobuf";
import { PotterError } from "../errors/index.js";
import type { EventDefinition } from "../message/index.js";
import type { EventSchema, EventSchemaStore, Store } from "../store/ports/index.js";
import { findMisreadings } from "./compatibility.js";
import { toDescriptorSet } from "./descriptor-set.js";
import { hashOf } from "./hash-of.js";
import { keepCodecs } from "./live-codecs.js";
import { pack } from "./packing.js";
import { linkMessage } from "./stored-message.js";

/** What an app knows of events. */
export interface KnownEvents {
  /** Those that it may record, and those that they supersede: they are added to what the store knows. */
  readonly recorded: readonly EventDefinition[];
  /** Those of others, which it only reads. */
  readonly read: readonly EventDefinition[];
}

/**
 * Makes sure that the store's events can be read as they are declared now, and remembers declarations that are new.
 * Refuses one that would misread what may be stored already. When all is known, this is one read.
 */
export async function registerEvents(store: Store, { recorded, read }: KnownEvents): Promise<void> {
  const { schemas } = store;
  if (schemas === undefined) return;
  keepCodecs(schemas, [...recorded, ...read]);
  const own = await declare(recorded);
  const foreign = await declare(read);
  for (;;) {
    const known = await schemas.list();
    const isNew = ({ schema }: Declaration) => !known.some((one) => same(one, schema));
    const added = own.filter(isNew);
    const unknown = [...added, ...foreign.filter(isNew)];
    if (unknown.length === 0) return;
    await check(schemas, known, unknown);
    if (added.length === 0) return;
    const descriptors = new Map<string, Uint8Array>();
    for (const { schema, descriptor } of added) descriptors.set(schema.hash, await pack(descriptor));
    const done = await schemas.add(
      added.map(({ schema }) => schema),
      descriptors,
      known.length,
    );
    if (done) return;
    // Another process has added some meanwhile: look at these too.
  }
}

interface Declaration {
  readonly schema: EventSchema;
  readonly message: DescMessage;
  readonly descriptor: Uint8Array;
}

async function declare(definitions: readonly EventDefinition[]): Promise<readonly Declaration[]> {
  const found: Declaration[] = [];
  for (const { type, version, codec } of definitions) {
    const descriptor = toDescriptorSet(codec.schema);
    const schema = { type, schemaVersion: version, message: codec.typeName, hash: await hashOf(descriptor) };
    // A definition may be there more than once: generated files hold their own.
    if (!found.some((one) => same(one.schema, schema))) found.push({ schema, message: codec.schema, descriptor });
  }
  return found;
}

function same(a: EventSchema, b: EventSchema): boolean {
  return sameEvent(a, b) && a.hash === b.hash && a.message === b.message;
}

function sameEvent(a: EventSchema, b: EventSchema): boolean {
  return a.type === b.type && a.schemaVersion === b.schemaVersion;
}

/** Compares each declaration with all that the event ever had: a number that was given up must not come back as another. */
async function check(
  schemas: EventSchemaStore,
  known: readonly EventSchema[],
  unknown: readonly Declaration[],
): Promise<void> {
  const earlier = known.filter((one) => unknown.some(({ schema }) => sameEvent(one, schema)));
  const stored = await schemas.descriptors([...new Set(earlier.map(({ hash }) => hash))]);
  const faults: string[] = [];
  for (const { schema, message } of unknown) {
    const misreadings = new Set<string>();
    for (const one of earlier) {
      if (!sameEvent(one, schema)) continue;
      for (const fault of findMisreadings(await linkMessage(one, stored), message)) misreadings.add(fault);
    }
    for (const fault of misreadings) faults.push(`${schema.type} version ${schema.schemaVersion}: ${fault}`);
  }
  if (faults.length === 0) return;
  throw new PotterError(
    "failed_precondition",
    `the contract would misread events that may be stored already:\n${faults.map((fault) => `- ${fault}`).join("\n")}\n` +
      "Give back to each field what it had, or declare a new version of the event and let the old one be superseded by it",
  );
}
