import { type AnyMethod, type Call, type CallResult, commandKeyOf, type Handler, intentOf } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import { fingerprintOf, newId } from "../message/index.js";
import type { CommandReservation, EventStore } from "../store/ports/index.js";

/** How long a crashed process keeps a command reserved whose caller sets no limit, in milliseconds. */
const defaultLease = 30_000;
/** The retry delay for a command that another process is running, in milliseconds. */
const retryAfter = 1_000;

/** A command that this process is running. */
interface Running {
  readonly requestHash: string;
  readonly response: Promise<Uint8Array>;
  /** Whether its caller has cancelled: then its failure does not apply to other callers. */
  isAbandoned(): boolean;
}

/**
 * Runs a command that is a plain function once for each command id. Repeated calls, including concurrent ones, get the first
 * response. The id is reserved before the function runs and its response is recorded afterwards. If the process crashes in
 * between, the reservation expires and the function can run again: at least once, with the same `commandId` for idempotency.
 * A caller that stores its intent and the outcome by itself does so at the same time as this reserves and records.
 */
export function once(method: AnyMethod, events: EventStore, { run, toResult }: Handler): Handler {
  const running = new Map<string, Running>();
  return { run: (call) => (call.context.explicitCommandId ? answer(call) : run(call)), toResult };

  /** Returns the response. */
  async function answer(call: Call): Promise<unknown> {
    const { context } = call;
    const id = commandKeyOf(context);
    const requestHash = `${method.service}.${method.name}:${fingerprintOf(method.request, call.request)}`;
    const key = JSON.stringify([context.tenant, id]);
    for (;;) {
      const first = running.get(key);
      if (first === undefined) return begin(call, id, requestHash, key);
      if (first.requestHash !== requestHash) throw reused();
      try {
        return method.response.decode(await first.response);
      } catch (error) {
        if (!first.isAbandoned()) throw error;
      }
    }
  }

  async function begin(call: Call, id: string, requestHash: string, key: string): Promise<unknown> {
    let result: CallResult | undefined;
    let answerNow: (own: CallResult) => void = () => {};
    const early = new Promise<CallResult>((resolve) => {
      answerNow = resolve;
    });
    const work = async (): Promise<Uint8Array> => {
      const { lease = defaultLease } = intentOf(call.context) ?? {};
      const reservation = { id, requestHash, holder: newId(), lease };
      const known = await reserve(call.context.tenant, reservation);
      if (known !== undefined) return known;
      const own = await carryOut(call, reservation);
      if (intentOf(call.context) !== undefined) answerNow(own);
      const response = method.response.encode(own.response);
      const recorded = await record(call.context.tenant, reservation, response);
      if (recorded === response) result = own;
      return recorded;
    };
    // Removed from the map before its waiters continue, so that they can begin again.
    const response = work().finally(() => running.delete(key));
    running.set(key, { requestHash, response, isAbandoned: () => call.context.signal?.aborted === true });
    const first = await Promise.race([early, response]);
    if (!(first instanceof Uint8Array)) return first.response;
    return result === undefined ? method.response.decode(first) : result.response;
  }

  /** Returns the recorded response, or undefined if there is none and the command is now reserved. */
  async function reserve(tenant: string, reservation: CommandReservation): Promise<Uint8Array | undefined> {
    const found = await events.reserveCommand(tenant, reservation);
    if (found.kind === "reserved") return undefined;
    const { requestHash } = found.kind === "reserved_by_other" ? found : found.command;
    if (requestHash !== reservation.requestHash) throw reused();
    if (found.kind === "recorded") return found.command.response;
    const message = "this command is already running: retry with the same command id to get its response";
    throw new PotterError("aborted", message, { retryAfter });
  }

  async function carryOut(call: Call, reservation: CommandReservation): Promise<CallResult> {
    const { tenant } = call.context;
    let renewed: Promise<unknown> = Promise.resolve();
    const renewal = setInterval(() => {
      renewed = events.reserveCommand(tenant, reservation).catch(() => {});
    }, reservation.lease / 3);
    try {
      await intentOf(call.context)?.stored;
      return toResult(await run(call));
    } catch (error) {
      // Released, so that a failed command can be retried at once. If the release fails, it can when the lease expires.
      clearInterval(renewal);
      // A pending renewal would reserve the id again after its release.
      await renewed;
      await events.releaseCommand(tenant, reservation.id, reservation.holder).catch(() => {});
      throw error;
    } finally {
      clearInterval(renewal);
    }
  }

  /** Records the response. Returns the recorded one, which another process may have recorded first. */
  async function record(
    tenant: string,
    { id, requestHash, holder }: CommandReservation,
    response: Uint8Array,
  ): Promise<Uint8Array> {
    if (await events.recordCommand(tenant, { id, requestHash, response, codec: method.response }, holder))
      return response;
    // This process stalled for longer than its lease, and another one recorded its response first.
    const first = await events.findCommand(tenant, id);
    return first?.response ?? response;
  }
}

function reused(): PotterError {
  return new PotterError("already_exists", "another request was made under this command id");
}
