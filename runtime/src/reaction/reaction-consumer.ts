import { onAbort } from "../async/index.js";
import { PotterError } from "../errors/index.js";
import type { EventConsumer, EventMeta, ExternalChange, ExternalEmitter } from "../projection/index.js";
import type { AnyEventHandler, ReactionPart } from "./declaration.js";
import { HandlerContext, type ReactionHost } from "./handler-context.js";
import { ReactionBatch } from "./reaction-batch.js";

/** An event and its handler, as the batch receives it. */
interface Handling {
  readonly data: unknown;
  readonly run: AnyEventHandler["run"];
}

/** Resolves a declared reaction. Throws `invalid_argument` for a setting that cannot work. */
export function toReactionConsumer(part: ReactionPart, host: ReactionHost): EventConsumer {
  check(part);
  const { name, on, from = "now", shards = 1, retries = 5, concurrency = 16, timeout = 30_000 } = part;
  const handle = ({ change, event }: ExternalChange<Handling>) =>
    run(change, new AbortController(), timeout, host, (signal) => new HandlerContext(name, event, host, signal));
  const entries = on.map((handler) => [keyOf(handler), handler] as const);
  return {
    name,
    localName: name,
    title: titleOf(part),
    version: 1,
    mode: "async",
    shards,
    retries,
    ...(part.unknownEvents && { unknownEvents: part.unknownEvents }),
    events: Object.fromEntries(entries.map(([key, { event }]) => [key, event])),
    on: Object.fromEntries(
      entries.map(([key, handler]) => [
        key,
        (data: never, emitter: ExternalEmitter<Handling>, _: EventMeta) => emitter.emit({ data, run: handler.run }),
      ]),
    ),
    target: {
      transactional: false,
      write: (changes: readonly ExternalChange<never>[], { signal }) =>
        new ReactionBatch<Handling>(changes, concurrency, signal, handle).handle(),
    },
    acts: { from },
  };
}

/** Runs a handler within its time. */
async function run(
  { data, run: handler }: Handling,
  controller: AbortController,
  timeout: number,
  host: ReactionHost,
  createContext: (signal: AbortSignal) => HandlerContext,
): Promise<void> {
  const { signal } = controller;
  const context = createContext(signal);
  const timer = setTimeout(() => controller.abort(timeoutError(timeout)), timeout);
  const unsubscribe = onAbort(host.signal, () =>
    controller.abort(new PotterError("unavailable", "the app was stopped")),
  );
  try {
    await new Promise<void>((resolve, reject) => {
      onAbort(signal, () => reject(signal.reason));
      // In a promise, so that what a handler throws at once rejects it too.
      Promise.resolve()
        .then(() => handler(data as never, context))
        .then(() => context.settled())
        .then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    unsubscribe();
    context.end();
  }
}

/** Not temporary: a handler that always takes too long is not retried for ever. */
function timeoutError(timeout: number): Error {
  const error = new Error(`the handler of a reaction ran for longer than ${timeout} ms`);
  error.name = "TimeoutError";
  return error;
}

function check(part: ReactionPart): void {
  const { name, on, concurrency = 16, timeout = 30_000 } = part;
  const fail = (message: string): never => {
    throw new PotterError("invalid_argument", `${titleOf(part)} ${message}`);
  };
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name)) {
    fail("has an invalid name: expected 1 to 100 letters, digits, dots, underscores and dashes");
  }
  if (on.length === 0) fail("has no handlers");
  const keys = on.map(keyOf);
  const twice = keys.find((key, at) => keys.indexOf(key) !== at);
  if (twice !== undefined) fail(`has more than one handler of ${twice}`);
  if (!Number.isInteger(concurrency) || concurrency < 1) fail(`has concurrency ${concurrency}: expected 1 or more`);
  if (!Number.isInteger(timeout) || timeout < 1 || timeout >= 2 ** 31) {
    fail(`has timeout ${timeout}: expected milliseconds from 1`);
  }
}

function titleOf({ name }: Pick<ReactionPart, "name">): string {
  return `the reaction ${name}`;
}

/** Stored name and version of an event: not its local name, which two events of different contracts may share. */
function keyOf({ event: { type, version } }: AnyEventHandler): string {
  return version === 1 ? type : `${type} version ${version}`;
}
