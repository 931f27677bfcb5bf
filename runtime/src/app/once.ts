import { type AnyMethod, type Call, type CallResult, commandKeyOf, type Next } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import { fingerprintOf, newId } from "../message/index.js";
import type { CommandReservation, EventStore } from "../store/ports/index.js";

/** How long a process that says nothing any more keeps a command from others, in milliseconds. */
const lease = 30_000;
/** When a caller may ask again for the answer of a command that another process carries out, in milliseconds. */
const retryAfter = 1_000;

/** A command that this process carries out. */
interface Running {
  readonly requestHash: string;
  readonly response: Promise<Uint8Array>;
  /** Whether its caller has gone: then its failure says nothing to others. */
  isAbandoned(): boolean;
}

/**
 * Carries a command of a plain function out once for each command id, and answers repetitions with the first answer, also those
 * that come while it runs. The id is reserved before the function runs, and its answer recorded after it: a process that dies in between
 * leaves a reservation that expires, and then the function runs again. At least once, with the same `commandId` to hand on.
 */
export function once(method: AnyMethod, events: EventStore, invoke: Next): Next {
  const running = new Map<string, Running>();
  return (call) => (call.context.explicitCommandId ? answer(call) : invoke(call));

  async function answer(call: Call): Promise<CallResult> {
    const { context } = call;
    const id = commandKeyOf(context);
    const requestHash = `${method.service}.${method.name}:${fingerprintOf(method.request, call.request)}`;
    const place = JSON.stringify([context.tenant, id]);
    for (;;) {
      const first = running.get(place);
      if (first === undefined) return begin(call, id, requestHash, place);
      if (first.requestHash !== requestHash) throw reused();
      try {
        return { response: method.response.decode(await first.response) };
      } catch (error) {
        if (!first.isAbandoned()) throw error;
      }
    }
  }

  async function begin(call: Call, id: string, requestHash: string, place: string): Promise<CallResult> {
    let result: CallResult | undefined;
    const work = async (): Promise<Uint8Array> => {
      const reservation = { id, requestHash, holder: newId(), lease };
      const known = await reserve(call.context.tenant, reservation);
      if (known !== undefined) return known;
      const own = await carryOut(call, reservation);
      const response = method.response.encode(own.response);
      const recorded = await record(call.context.tenant, reservation, response);
      if (recorded === response) result = own;
      return recorded;
    };
    // Before those who wait for it go on, it has left the map.
    const response = work().finally(() => running.delete(place));
    running.set(place, { requestHash, response, isAbandoned: () => call.context.signal?.aborted === true });
    const bytes = await response;
    return result ?? { response: method.response.decode(bytes) };
  }

  /** The answer of the first time; undefined: there is none, and the command is reserved. */
  async function reserve(tenant: string, reservation: CommandReservation): Promise<Uint8Array | undefined> {
    const found = await events.reserveCommand(tenant, reservation);
    if (found.kind === "reserved") return undefined;
    const { requestHash } = found.kind === "reserved_by_other" ? found : found.command;
    if (requestHash !== reservation.requestHash) throw reused();
    if (found.kind === "recorded") return found.command.response;
    const message = "this command is being carried out already: ask again for its answer, under the same command id";
    throw new PotterError("aborted", message, { retryAfter });
  }

  async function carryOut(call: Call, reservation: CommandReservation): Promise<CallResult> {
    const { tenant } = call.context;
    let renewed: Promise<unknown> = Promise.resolve();
    const renewal = setInterval(() => {
      renewed = events.reserveCommand(tenant, reservation).catch(() => {});
    }, lease / 3);
    try {
      return await invoke(call);
    } catch (error) {
      // What was refused or has failed can be tried again at once. If this fails too, once the lease has expired.
      clearInterval(renewal);
      // A renewal that is under way would reserve the id again after its release.
      await renewed;
      await events.releaseCommand(tenant, reservation.id, reservation.holder).catch(() => {});
      throw error;
    } finally {
      clearInterval(renewal);
    }
  }

  /** Gives the recorded answer, which is the given one unless there was another already. */
  async function record(
    tenant: string,
    { id, requestHash, holder }: CommandReservation,
    response: Uint8Array,
  ): Promise<Uint8Array> {
    if (await events.recordCommand(tenant, { id, requestHash, response, codec: method.response }, holder))
      return response;
    // This process stood still for longer than its lease, and another has answered meanwhile: that answer is the recorded one.
    const first = await events.findCommand(tenant, id);
    return first?.response ?? response;
  }
}

function reused(): PotterError {
  return new PotterError("already_exists", "another request was made under this command id");
}
