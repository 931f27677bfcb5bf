import type { AnyMethod, Bus, BusOptions, Logger, RunningCalls } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import type { Engine, EventDefinition } from "../message/index.js";
import { type PageTokens, pageTokensFrom } from "../paging/index.js";
import type { PersonalData } from "../personal/index.js";
import type { EventStore, RecordedEvent } from "../store/ports/index.js";
import { createResume, ExposedTargets, PositionTokens, Reach, Waits, waitMethod } from "../waits/index.js";
import type { EventLog } from "./event-log.js";
import { bindWaits, type EnterApp, type InProcessWaits } from "./invoke.js";
import type { Part } from "./part.js";
import type { ReadSide } from "./read-side.js";
import { createWaitingBus } from "./waiting-bus.js";

/** What clients may wait for, beyond the read models of a service. */
export interface WaitOptions {
  /**
   * Events whose content clients may receive, without personal fields, when they have waited for them. Any service may wait for these.
   * Default: none. Clients learn only that an event of a read model of their service has come.
   */
  readonly events?: readonly EventDefinition[];
}

/** What the waits of an app need. */
export interface WaitingHost {
  readonly parts: readonly Part[];
  /** undefined: the app has no events. */
  readonly log: EventLog | undefined;
  /** undefined: the app has no read models. */
  readonly readSide: ReadSide | undefined;
  /** The events without decryption. */
  readonly events: EventStore;
  /** Seals positions where the store keeps no keys. */
  readonly pageTokens: PageTokens;
  /** The keys of the store, by which positions belong to it. */
  readonly personal: Pick<PersonalData, "pageTokenSecret">;
  readonly logger: Logger;
}

/** The waits of an app. */
export interface Waiting {
  /** The headers that ask for a wait and report it, for CORS. */
  readonly headers: { readonly requests: readonly string[]; readonly responses: readonly string[] };
  /** Resumes a wait. Transports serve it as any method. */
  readonly method: AnyMethod;
  /** Creates the bus of the app, with the handler of that method. */
  createBus(options: BusOptions): Bus;
  /** Creates what calls from within the process need. `enter` returns the bus of the app, which it starts if needed. */
  bind(enter: EnterApp, calls: RunningCalls): InProcessWaits;
  /** Ends all waits: the app is stopping. */
  end(): void;
}

/** Lets clients wait for what their commands lead to. */
export interface WaitsEngine extends Engine<"waits"> {
  /** Opens the waits of an app. Throws `invalid_argument` if it has no events, or exposes events that no log keeps. */
  open(host: WaitingHost): Waiting;
}

/**
 * Lets clients wait until read models include their commands, until an event has come, and read their own writes on every replica: pass
 * it to `createApp({ waits: waits() })`, which throws a PotterError `invalid_argument` if the app has no events, or if `events` lists one
 * that no log keeps.
 */
export function waits(options: WaitOptions = {}): Engine<"waits"> {
  const engine: WaitsEngine = { name: "waits", open: (host) => openWaits(host, options) };
  return engine;
}

const headers: Waiting["headers"] = {
  requests: ["potter-after", "potter-wait", "potter-wait-for", "prefer"],
  responses: ["location", "potter-event", "potter-position", "potter-state", "potter-wait-token", "preference-applied"],
};

function openWaits(
  { parts, log, readSide, events, pageTokens, personal: { pageTokenSecret }, logger }: WaitingHost,
  { events: exposed = [] }: WaitOptions,
): Waiting {
  if (log === undefined) {
    const message = "waits() needs events to wait for: add an aggregate or a read model to the parts, or leave it out";
    throw new PotterError("invalid_argument", message);
  }
  const { catalog, tail } = log;
  const keys = pageTokenSecret === undefined ? pageTokens : pageTokensFrom(pageTokenSecret);
  const services = parts.flatMap((part) => (part.kind === "queries" || part.kind === "commands" ? [part.service] : []));
  const isInline = (name: string) => readSide === undefined || readSide.control(name).projector.part.mode === "inline";
  const tokens = new PositionTokens(keys, events);
  const unlogged = typesWithoutLog(parts);
  const lost = exposed.find(({ type }) => unlogged.has(type));
  if (lost !== undefined) {
    const message = `waits() lists ${lost.type}, an event of an aggregate that stores its state: no log keeps it, so remove it`;
    throw new PotterError("invalid_argument", message);
  }
  const targets = new ExposedTargets(new Set(services), exposed, (type) => !unlogged.has(type), isInline);
  const projection = (name: string) => (readSide as ReadSide).control(name);
  const storedTypesOf = (type: string) => {
    const definition = targets.eventOf(type);
    return definition === undefined ? [type] : catalog.typesReadAs(definition);
  };
  const reach = new Reach({ catalog, tail, logger, projection, storedTypesOf });
  const nameOf = (type: string, version: number) => catalog.find(type, version)?.definition.codec.typeName ?? type;
  const streamTypes = new Map(
    parts.flatMap((part) =>
      part.kind === "decider"
        ? Object.values(part.aggregate.commands()).map(({ method }) => [method, part.aggregate.type] as const)
        : [],
    ),
  );
  const streamTypeOf = (method: AnyMethod) => streamTypes.get(method);
  const messageOf = (event: RecordedEvent) => catalog.reader(event).read(event);
  const calls = new Waits({ events, tokens, targets, reach, logger, streamTypeOf, messageOf, nameOf });
  const resume = createResume({ tokens, reach, waits: calls, catalog, exposed });
  const method = waitMethod();
  return {
    headers,
    method,
    createBus: (options) => createWaitingBus(options, calls, new Map([[method, resume]])),
    bind: (enter, running) => bindWaits(readSide, enter, running),
    end: () => reach.end(),
  };
}

/** The stored types of events that no log keeps: those of aggregates that store their state. */
function typesWithoutLog(parts: readonly Part[]): ReadonlySet<string> {
  return new Set(
    parts.flatMap((part) =>
      part.kind === "decider" && part.aggregate.persistence === "state"
        ? Object.values(part.aggregate.events).map(({ type }) => type)
        : [],
    ),
  );
}
