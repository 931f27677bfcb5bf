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

/** The event declarations of an app. */
export interface KnownEvents {
  /** Events that the app may record, and those that they supersede. New declarations are added to the store. */
  readonly recorded: readonly EventDefinition[];
  /** Events of other apps, which this app only reads. */
  readonly read: readonly EventDefinition[];
}

/**
 * Checks that the store's events can be read by the current declarations, and stores new declarations. Throws
 * `failed_precondition` for a declaration that would misread stored events. Costs one read if there are no new declarations.
 */
export async function registerEvents(store: Store, { recorded, read }: KnownEvents): Promise<void> {
  const { schemas } = store;
  if (schemas === undefined) return;
  keepCodecs(schemas, [...recorded, ...read]);
  const own = await declare(recorded);
  const readOnly = await declare(read);
  for (;;) {
    const known = await schemas.list();
    const isNew = ({ schema }: Declaration) => !known.some((one) => same(one, schema));
    const added = own.filter(isNew);
    const unknown = [...added, ...readOnly.filter(isNew)];
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
    // Another process has added declarations meanwhile: check these too.
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
    // A definition may occur more than once, since each generated file has its own.
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

/** Compares each declaration with all earlier ones of the event, since a removed number must not return as another field. */
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
      for (const { text } of findMisreadings(await linkMessage(one, stored), message)) misreadings.add(text);
    }
    for (const fault of misreadings) faults.push(`${schema.type} version ${schema.schemaVersion}: ${fault}`);
  }
  if (faults.length === 0) return;
  throw new PotterError(
    "failed_precondition",
    `the contract would misread stored events:\n${faults.map((fault) => `- ${fault}`).join("\n")}\n` +
      "Restore the earlier declaration of each field, or declare a new version of the event that supersedes the old one",
  );
}
