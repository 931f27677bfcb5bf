import type { ReadModelDefinition } from "../../cqrs/index.js";
import type { AnyCodec, EventDefinition } from "../../message/index.js";

/** What stands for a read model where events are named without one: it has no rows. */
export function toReadModel(name: string, events: { readonly [name: string]: EventDefinition }): ReadModelDefinition {
  const [event] = Object.values(events);
  if (event === undefined) throw new Error(`the projection ${name} has no events: name at least one`);
  const codec: AnyCodec = { ...event.codec, typeName: name };
  return { name, codec, keyField: "", key: () => "", events };
}
