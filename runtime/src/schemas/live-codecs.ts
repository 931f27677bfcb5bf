import type { AnyCodec, EventDefinition } from "../message/index.js";
import type { EventSchemaStore } from "../store/ports/index.js";

const live = new WeakMap<EventSchemaStore, Map<string, AnyCodec>>();

/** Keeps the codecs of a store's app, which are needed to describe events of a store that does not serialize them. */
export function keepCodecs(schemas: EventSchemaStore, definitions: readonly EventDefinition[]): void {
  const codecs = live.get(schemas) ?? new Map<string, AnyCodec>();
  live.set(schemas, codecs);
  for (const { type, version, codec } of definitions) codecs.set(`${version} ${type}`, codec);
}

export function liveCodec(schemas: EventSchemaStore, type: string, version: number): AnyCodec | undefined {
  return live.get(schemas)?.get(`${version} ${type}`);
}
