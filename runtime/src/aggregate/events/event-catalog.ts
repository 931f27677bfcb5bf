import { PotterError } from "../../errors/index.js";
import { type EventDefinition, isErased, markErased } from "../../message/index.js";
import type { StoredEvent } from "../../store/ports/index.js";
import type { AnyDeciderPart } from "../declaration/index.js";
import { EventTable } from "./event-table.js";

/** How stored events of one type and version are read by the current contract. */
export interface EventReader {
  /** The current definition: that of the event, or of the event that it is upcast to. */
  readonly definition: EventDefinition;
  /** The data as a message of the current definition. */
  read(event: StoredEvent): unknown;
}

/**
 * Every event that the app knows, by stored type and version. Superseded versions are upcast by the `upcast` functions of their
 * decider wherever events are read.
 */
export class EventCatalog {
  private readonly readers = new EventTable<EventReader>();

  /** Adds an event that is not superseded. */
  add(definition: EventDefinition): void {
    if (this.find(definition.type, definition.version) !== undefined) return;
    this.set(definition, { definition, read: (event) => decode(definition, event) });
  }

  /** Adds all events of an aggregate, and superseded ones with their upcasts. */
  addDecider({ aggregate, decider }: AnyDeciderPart): void {
    for (const definition of Object.values(aggregate.events)) this.add(definition);
    const superseded = Object.entries(aggregate.upcasts ?? {});
    const byName = new Map(superseded);
    const functions = (decider.upcast ?? {}) as { readonly [name: string]: (event: never) => unknown };
    for (const [name, { from }] of superseded) {
      const steps: ((event: unknown) => unknown)[] = [];
      let current = from;
      for (let at: string | undefined = name; at !== undefined; ) {
        const step = byName.get(at);
        if (step === undefined) break;
        const target: EventDefinition = aggregate.events[step.to] ?? byName.get(step.to)?.from ?? from;
        const upcast = functions[at] as (event: unknown) => unknown;
        steps.push((event) => target.codec.create(upcast(event)));
        current = target;
        at = step.to;
      }
      const definition = current;
      this.set(from, {
        definition,
        read: (event) => steps.reduce(upcastOnce, decode(from, event)),
      });
    }
  }

  /** The reader of a stored event. Throws `data_loss` if no part of the app knows it, since skipping it would lose it. */
  reader(event: StoredEvent): EventReader {
    const reader = this.find(event.type, event.schemaVersion);
    if (reader === undefined) {
      throw new PotterError(
        "data_loss",
        `no part of this app knows the event ${event.type} version ${event.schemaVersion} (version ${event.version} of its stream): ` +
          "add the decider of its aggregate to the parts, or deploy the contract that declares it",
      );
    }
    return reader;
  }

  /** The stored types of all events that are read as this one: its own, and those of superseded versions. */
  typesReadAs({ type, version }: Pick<EventDefinition, "type" | "version">): readonly string[] {
    const types = new Set([type]);
    for (const [stored, { definition }] of this.readers.entries()) {
      if (definition.type === type && definition.version === version) types.add(stored);
    }
    return [...types];
  }

  find(type: string, version: number): EventReader | undefined {
    return this.readers.get(type, version);
  }

  private set({ type, version }: EventDefinition, reader: EventReader): void {
    this.readers.set(type, version, reader);
  }
}

/** Applies one upcast. The result of an erased event is erased too. */
function upcastOnce(data: unknown, step: (event: unknown) => unknown): unknown {
  const next = step(data);
  return isErased(data) ? markErased(next) : next;
}

function decode(definition: EventDefinition, event: StoredEvent): unknown {
  const data = event.bytes === undefined ? event.data : definition.codec.decode(event.bytes);
  return event.erased === true ? markErased(data) : data;
}
