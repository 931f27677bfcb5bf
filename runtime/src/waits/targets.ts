import type { AnyService, ReadModelDefinition, WaitTargets } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import type { EventDefinition } from "../message/index.js";

/** A projection that keeps a read model. */
export interface AwaitedProjection {
  /** Throws `unavailable` when so many callers wait for so long that one more would only lengthen the queue. */
  checkLoad(): void;
  /** Resolves when it includes a position. Rejects with the reason of the signal, and with `failed_precondition` while it is paused. */
  reached(position: number, signal: AbortSignal): Promise<void>;
}

/** What the callers of a service may name. */
interface Exposed {
  readonly models: readonly ReadModelDefinition[];
  readonly events: readonly EventDefinition[];
}

/** The read models and events that the callers of each service may wait for. */
export class ExposedTargets {
  private readonly byService = new Map<string, Exposed>();
  /** Read models of all services, for those that have none: a service of commands whose queries are in another one. */
  private readonly all: Exposed;
  private readonly definitions = new Map<string, EventDefinition>();
  private readonly isInline: (name: string) => boolean;

  /**
   * `given`: events that all services expose. `isLogged`: whether events of a stored type are in the log. `isInline`: whether every
   * append keeps a read model.
   */
  constructor(
    services: Iterable<AnyService>,
    given: readonly EventDefinition[],
    isLogged: (type: string) => boolean,
    isInline: (name: string) => boolean,
  ) {
    this.isInline = isInline;
    const all = new Set<ReadModelDefinition>();
    for (const service of services) {
      const models = Object.values(service.views()).map(({ definition }) => definition);
      if (models.length === 0) continue;
      for (const model of models) all.add(model);
      const handled = models.flatMap((model) => Object.values(model.events)).filter(({ type }) => isLogged(type));
      const events = [...new Set([...handled, ...given])];
      this.byService.set(service.typeName, { models, events });
    }
    this.all = { models: [...all], events: given };
    for (const { events } of [this.all, ...this.byService.values()]) {
      for (const event of events) this.definitions.set(event.type, event);
    }
  }

  /** The async read models that the queries of a service use. */
  modelsOf(service: string): readonly string[] {
    const { models } = this.byService.get(service) ?? { models: [] };
    return models.map(({ codec }) => codec.typeName).filter((name) => !this.isInline(name));
  }

  /** The event of a stored type, in its current version. */
  eventOf(type: string): EventDefinition | undefined {
    return this.definitions.get(type);
  }

  /** Resolves names, local or full. Throws `invalid_argument` for one that the service does not expose. */
  resolve(service: string, names: readonly string[]): WaitTargets {
    const exposed = this.byService.get(service) ?? this.all;
    const models = new Set<string>();
    const events = new Set<string>();
    for (const name of names) {
      const model = exposed.models.find((one) => one.name === name || one.codec.typeName === name);
      if (model !== undefined) {
        models.add(model.codec.typeName);
        continue;
      }
      const found = findEvents(exposed.events, name);
      const [type, ...others] = new Set(found.map((event) => event.type));
      if (type === undefined) throw unknown(service, exposed);
      if (others.length > 0) throw ambiguous(found);
      events.add(type);
    }
    return this.withoutInline({ models: [...models], events: [...events] });
  }

  /** Leaves out the read models that every append keeps. */
  withoutInline({ models, events }: WaitTargets): WaitTargets {
    return { models: models.filter((name) => !this.isInline(name)), events };
  }
}

/** The events of a name: full, or else local. */
function findEvents(events: readonly EventDefinition[], name: string): readonly EventDefinition[] {
  const exact = events.filter(({ codec, type }) => codec.typeName === name || type === name);
  return exact.length > 0 ? exact : events.filter(({ codec }) => localName(codec.typeName) === name);
}

function localName(typeName: string): string {
  return typeName.slice(typeName.lastIndexOf(".") + 1);
}

function ambiguous(events: readonly EventDefinition[]): PotterError {
  const names = events.map(({ codec, type }) => (codec.typeName === type ? type : `${codec.typeName} (${type})`));
  const message = `potter-wait-for has a name of several events: expected one of ${[...new Set(names)].join(", ")}`;
  return new PotterError("invalid_argument", message);
}

/** Does not repeat the name, which is a value of the request. */
function unknown(service: string, { models, events }: Exposed): PotterError {
  const names = [...models.map(({ name }) => name), ...events.map(({ codec }) => localName(codec.typeName))];
  const known = names.length === 0 ? "it has none" : `expected one of ${[...new Set(names)].join(", ")}`;
  const message = `potter-wait-for names a read model or event that ${service} does not expose: ${known}`;
  return new PotterError("invalid_argument", message);
}
