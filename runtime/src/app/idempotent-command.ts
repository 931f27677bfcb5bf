import { type AnyMethod, type Call, type CallResult, commandKeyOf, type Handler, intentOf } from "../cqrs/index.js";
import { fingerprintOf } from "../message/index.js";
import type { EventStore } from "../store/ports/index.js";
import { holdCommand, type IdentifiedCommand, reused } from "./held-command.js";

/** How long a crashed process keeps a command reserved whose caller sets no limit, in milliseconds. */
const defaultLease = 30_000;

/** A command that this process is running. */
interface Running {
  readonly requestHash: string;
  readonly response: Promise<Uint8Array>;
  /** Whether its caller has cancelled: then its failure does not apply to other callers. */
  isAbandoned(): boolean;
}

/** The response of a command: the result of its own call, or what was recorded before. */
type Answer = { readonly own: CallResult } | { readonly recorded: Uint8Array };

/** The same with the encoded response, for others who have sent the command. */
type Settled = Answer & { readonly response: Uint8Array };

/**
 * Runs a command that is a plain function once for each command id. Repeated calls, including concurrent ones, get the first
 * response. The id is reserved before the function runs and its response is recorded afterwards. If the process crashes in
 * between, the reservation expires and the function can run again: at least once, with the same `commandId` for idempotency.
 *
 * A caller that stores its intent and the outcome by itself does so at the same time as this reserves and records. What such a
 * caller sends for the first time needs no reservation, and the caller records its response.
 */
export function once(method: AnyMethod, events: EventStore, { run, toResult }: Handler): Handler {
  const running = new Map<string, Running>();
  return { run: (call) => (call.context.explicitCommandId ? answer(call) : run(call)), toResult };

  /** Returns the response. */
  async function answer(call: Call): Promise<unknown> {
    const { tenant, signal } = call.context;
    const id = commandKeyOf(call.context);
    const requestHash = `${method.service}.${method.name}:${fingerprintOf(method.request, call.request)}`;
    const key = JSON.stringify([tenant, id]);
    for (;;) {
      const first = running.get(key);
      if (first === undefined) {
        const { early, settled } = begin(call, { tenant, id, requestHash });
        // Removed from the map before its waiters continue, so that they can begin again.
        const done = settled.finally(() => running.delete(key));
        const response = done.then((settled) => settled.response);
        running.set(key, { requestHash, response, isAbandoned: () => signal?.aborted === true });
        // Nobody else may be waiting.
        response.catch(() => {});
        const given = await Promise.race([early, done]);
        return "own" in given ? given.own.response : method.response.decode(given.recorded);
      }
      if (first.requestHash !== requestHash) throw reused();
      try {
        return method.response.decode(await first.response);
      } catch (error) {
        if (!first.isAbandoned()) throw error;
      }
    }
  }

  /** `settled`: the response is recorded, or its caller records it. `early`: the answer before that, for a caller that stores the outcome. */
  function begin(
    call: Call,
    command: IdentifiedCommand,
  ): { readonly early: Promise<Answer>; readonly settled: Promise<Settled> } {
    const intent = intentOf(call.context);
    let answerNow: (own: CallResult) => void = () => {};
    const early = new Promise<Answer>((resolve) => {
      answerNow = (own) => resolve({ own });
    });
    const work = async (): Promise<Settled> => {
      const { lease = defaultLease } = intent ?? {};
      const held = holdCommand(events, command, lease);
      if (intent !== undefined && (await intent.isFirst())) {
        const run = async () => {
          const own = await carryOut(call);
          return { own, response: method.response.encode(own.response) };
        };
        const { requestHash } = command;
        return intent.carryOut({
          run,
          requestHash,
          held,
          codec: method.response,
          signal: call.context.signal,
          answerNow,
        });
      }
      const known = await held.reserve();
      if (known !== undefined) return { recorded: known, response: known };
      const own = await carryOut(call).catch(async (error: unknown) => {
        await held.release();
        throw error;
      });
      if (intent !== undefined) answerNow(own);
      const response = method.response.encode(own.response);
      const recorded = await held.record(response, method.response);
      return recorded === response ? { own, response } : { recorded, response: recorded };
    };
    return { early, settled: work() };
  }

  async function carryOut(call: Call): Promise<CallResult> {
    await intentOf(call.context)?.stored;
    return toResult(await run(call));
  }
}
