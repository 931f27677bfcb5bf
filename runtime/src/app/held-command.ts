import { PotterError } from "../errors/index.js";
import { type AnyCodec, newId } from "../message/index.js";
import type { CommandReservation, EventStore } from "../store/ports/index.js";

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
export class HeldCommand {
  private readonly events: EventStore;
  private readonly tenant: string;
  private readonly reservation: CommandReservation;
  private timer: ReturnType<typeof setInterval> | undefined;
  private renewed: Promise<unknown> = Promise.resolve();

  /** `lease`: how long a crashed process keeps the id reserved, in milliseconds. */
  constructor(events: EventStore, { tenant, id, requestHash }: IdentifiedCommand, lease: number) {
    this.events = events;
    this.tenant = tenant;
    this.reservation = { id, requestHash, holder: newId(), lease };
  }

  /** Returns the recorded response, or undefined if there is none and the command is now reserved. Rejects if another holder has it. */
  async reserve(): Promise<Uint8Array | undefined> {
    const { tenant, reservation } = this;
    const found = await this.events.reserveCommand(tenant, reservation);
    if (found.kind === "reserved") {
      this.timer = setInterval(() => {
        this.renewed = this.events.reserveCommand(tenant, reservation).catch(() => {});
      }, reservation.lease / 3);
      return undefined;
    }
    const { requestHash } = found.kind === "reserved_by_other" ? found : found.command;
    if (requestHash !== reservation.requestHash) throw reused();
    if (found.kind === "recorded") return found.command.response;
    const message = "this command is already running: retry with the same command id to get its response";
    throw new PotterError("aborted", message, { retryAfter });
  }

  /** Lets a failed command be retried at once. If that fails, it can be when the lease expires. */
  async release(): Promise<void> {
    clearInterval(this.timer);
    // A pending renewal would reserve the id again after its release.
    await this.renewed;
    const { id, holder } = this.reservation;
    await this.events.releaseCommand(this.tenant, id, holder).catch(() => {});
  }

  /** Records the response. Returns the recorded one, which another process may have recorded first. */
  async record(response: Uint8Array, codec: AnyCodec): Promise<Uint8Array> {
    clearInterval(this.timer);
    const { tenant, reservation } = this;
    const { id, requestHash, holder } = reservation;
    if (await this.events.recordCommand(tenant, { id, requestHash, response, codec }, holder)) return response;
    // This process stalled for longer than its lease, and another one recorded its response first.
    const first = await this.events.findCommand(tenant, id);
    return first?.response ?? response;
  }
}

/** That the command id stands for another request. */
export function reused(): PotterError {
  return new PotterError("already_exists", "another request was made under this command id");
}
