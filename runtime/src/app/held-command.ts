import { PotterError } from "../errors/index.js";
import { type AnyCodec, newId } from "../message/index.js";
import type { EventStore } from "../store/ports/index.js";

/** The retry delay for a command that another process is running, in milliseconds. */
const retryAfter = 1_000;

/** The command that an id stands for. */
export interface IdentifiedCommand {
  readonly tenant: string;
  readonly id: string;
  /** Distinguishes different requests under one id. */
  readonly requestHash: string;
}

/** The id of a command, reserved while the command runs: nobody else runs it meanwhile. */
export interface HeldCommand {
  /** Returns the recorded response, or undefined if there is none and the command is now reserved. Rejects if another holder has it. */
  reserve(): Promise<Uint8Array | undefined>;
  /** Lets a failed command be retried at once. If that fails, it can be when the lease expires. */
  release(): Promise<void>;
  /** Records the response. Returns the recorded one, which another process may have recorded first. */
  record(response: Uint8Array, codec: AnyCodec): Promise<Uint8Array>;
}

/** `lease`: how long a crashed process keeps the id reserved, in milliseconds. */
export function holdCommand(
  events: EventStore,
  { tenant, id, requestHash }: IdentifiedCommand,
  lease: number,
): HeldCommand {
  const holder = newId();
  const write = () => events.reserveCommand(tenant, { id, requestHash, holder, lease });
  let timer: ReturnType<typeof setInterval> | undefined;
  let renewed: Promise<unknown> | undefined;
  return {
    async reserve() {
      const found = await write();
      if (found.kind === "reserved") {
        timer = setInterval(() => {
          renewed = write().catch(() => {});
        }, lease / 3);
        return undefined;
      }
      const known = found.kind === "recorded" ? found.command : found;
      if (known.requestHash !== requestHash) throw reused();
      if (found.kind === "recorded") return found.command.response;
      const message = "this command is already running: retry with the same command id to get its response";
      throw new PotterError("aborted", message, { retryAfter });
    },
    async release() {
      clearInterval(timer);
      // A pending renewal would reserve the id again after its release.
      await renewed;
      await events.releaseCommand(tenant, id, holder).catch(() => {});
    },
    async record(response, codec) {
      clearInterval(timer);
      if (await events.recordCommand(tenant, { id, requestHash, response, codec }, holder)) return response;
      // This process stalled for longer than its lease, and another one recorded its response first.
      return (await events.findCommand(tenant, id))?.response ?? response;
    },
  };
}

/** That the command id stands for another request. */
export function reused(): PotterError {
  return new PotterError("already_exists", "another request was made under this command id");
}
