import type { ReadModelDefinition } from "../../cqrs/index.js";
import { readModels } from "../../engines/index.js";
import { PotterError } from "../../errors/index.js";
import type { AnyCodec, EventDefinition } from "../../message/index.js";

/** A read model without rows, for projections that name events only. */
export function toReadModel(name: string, events: { readonly [name: string]: EventDefinition }): ReadModelDefinition {
  const [event] = Object.values(events);
  if (event === undefined)
    throw new PotterError("invalid_argument", `the projection ${name} has no events: name at least one`);
  const codec: AnyCodec = { ...event.codec, typeName: name };
  return { name, codec, keyField: "", key: () => "", events, engine: readModels };
}
