import { isTemporary, PotterError } from "../../errors/index.js";
import type { EventDefinition } from "../../message/index.js";
import type {
  EventConsumer,
  EventMeta,
  ExternalChange,
  ExternalEmitter,
  PartialWrite,
  RefusedChange,
} from "../../projection/index.js";
import { type EventStepDefinition, eventsOf, type SagaPart } from "../declaration/index.js";
import { awaited, copyOf, idOf } from "../machine/index.js";
import { consumerNameOf } from "../transaction/index.js";
import type { SagaEngine } from "./saga-engine.js";

/** How many events are handled at the same time, those of one stream in order. */
const concurrency = 32;

/** An event that concerns a saga. */
interface SagaEvent {
  readonly definition: EventDefinition;
  readonly event: unknown;
}

type Change = ExternalChange<SagaEvent>;

/**
 * What reads the log for a saga. Steps that a later version has added have a consumer of their own, which only processes that know them
 * run: an older process would pass their events over.
 */
export function toSagaConsumers(part: SagaPart, engine: SagaEngine): readonly EventConsumer[] {
  const { startsOn: _, ...later } = part.saga;
  const steps = Object.entries(part.saga.steps);
  const versions = new Set([
    1,
    ...steps.map(([, { kind, sinceVersion = 1 }]) => (kind === "event" ? sinceVersion : 1)),
  ]);
  return [...versions].flatMap((version) => {
    const own = Object.fromEntries(steps.filter(([, { sinceVersion = 1 }]) => sinceVersion === version));
    const saga = version === 1 ? { ...part.saga, steps: own } : { ...later, steps: own };
    return toConsumer({ ...part, saga }, engine, consumerNameOf(saga.name, version)) ?? [];
  });
}

function toConsumer(part: SagaPart, engine: SagaEngine, name: string): EventConsumer | undefined {
  const definitions = eventsOf(part.saga);
  if (definitions.length === 0) return undefined;
  const emit = (definition: EventDefinition) => (event: never, emitter: ExternalEmitter<SagaEvent>) =>
    emitter.emit({ definition, event });
  const keyed = definitions.map((definition) => [`${definition.type} ${definition.version}`, definition] as const);
  return {
    name,
    localName: name,
    title: `the saga ${part.saga.name}`,
    version: 1,
    mode: "async",
    events: Object.fromEntries(keyed),
    on: Object.fromEntries(keyed.map(([key, definition]) => [key, emit(definition) as never])),
    target: {
      transactional: false,
      write: (changes: readonly ExternalChange<never>[], { signal }) =>
        handleAll(changes as readonly Change[], signal, (change) => handle(part, engine, change)),
    },
    acts: { from: "now" },
  };
}

async function handle(part: SagaPart, engine: SagaEngine, { change, event: meta }: Change): Promise<void> {
  const { saga } = part;
  const { definition, event } = change;
  if (saga.startsOn?.type === definition.type) await start(part, engine, copyOf(definition.codec, event), meta);
  const steps = Object.values(saga.steps).filter(
    (step): step is EventStepDefinition => step.kind === "event" && step.event.type === definition.type,
  );
  const { tenant, id } = meta.stream;
  for (const step of steps) {
    await engine.receive(saga.name, tenant, step, event, id);
  }
}

/** Starts a saga, once: its id follows from its data, and that from the event. */
async function start(
  { saga, behaviour }: SagaPart,
  engine: SagaEngine,
  event: unknown,
  meta: EventMeta,
): Promise<void> {
  const data = compute(saga.name, () => {
    // What it receives and returns may be changed by it at any time.
    const given = { ...meta, stream: { ...meta.stream }, metadata: { ...meta.metadata } };
    const init = awaited(behaviour.start?.(event as never, given));
    return init === undefined ? undefined : copyOf(saga.codec, init);
  });
  if (data === undefined) return;
  const key = { type: saga.name, tenant: meta.stream.tenant, id: idOf(saga, data) };
  const { user } = meta.metadata;
  const { correlationId, position } = meta;
  const origin = { correlationId, causationId: meta.id, position, ...(user !== undefined && { user }) };
  await engine.startSaga(key, data, origin);
}

/** Calls a pure function of the behaviour: no error of it is temporary, or its event would keep all others waiting. */
function compute<T>(saga: string, call: () => T): T {
  try {
    return call();
  } catch (cause) {
    if (!isTemporary(cause)) throw cause;
    throw new PotterError("internal", `the function start of the saga ${saga} has thrown`, { cause });
  }
}

/** Handles the events of a batch: those of a stream in order, others at the same time. */
async function handleAll(
  changes: readonly Change[],
  signal: AbortSignal,
  handleOne: (change: Change) => Promise<void>,
): Promise<PartialWrite<never>> {
  const streams = new Map<string, Change[]>();
  for (const change of changes) {
    const { tenant, type, id } = change.event.stream;
    const key = JSON.stringify([tenant, type, id]);
    const known = streams.get(key);
    if (known === undefined) streams.set(key, [change]);
    else known.push(change);
  }
  const refused: RefusedChange<SagaEvent>[] = [];
  const unfinished: number[] = [];
  const queue = [...streams.values()];
  const work = async (): Promise<void> => {
    for (let stream = queue.shift(); stream !== undefined; stream = queue.shift()) {
      let failure: { readonly error: unknown } | undefined;
      for (const change of stream) {
        if (signal.aborted) unfinished.push(change.event.position);
        else if (failure !== undefined) refused.push({ change, error: undefined });
        else {
          failure = await handleOne(change).then(
            () => undefined,
            (error: unknown) => ({ error }),
          );
          if (failure === undefined) continue;
          // The store is away: the whole batch is sent again.
          if (isTemporary(failure.error)) throw failure.error;
          refused.push({ change, error: failure.error });
        }
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return {
    refused: refused as readonly RefusedChange[] as never,
    ...(unfinished.length > 0 && { through: Math.min(...unfinished) - 1 }),
  };
}
