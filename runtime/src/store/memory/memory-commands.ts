import type {
  AppendResult,
  CommandRecord,
  CommandReservation,
  RecordedCommand,
  ReservationResult,
} from "../ports/index.js";

interface CommandHold {
  readonly requestHash: string;
  readonly holder: string;
  readonly until: number;
}

/** The commands of one tenant. */
class TenantCommands {
  readonly recorded: Map<string, RecordedCommand> = new Map();
  readonly reservations: Map<string, CommandHold> = new Map();
}

/** Recorded and reserved commands. */
export class MemoryCommands {
  private readonly tenants = new Map<string, TenantCommands>();

  find(tenant: string, id: string): RecordedCommand | undefined {
    return this.tenants.get(tenant)?.recorded.get(id);
  }

  keep(tenant: string, { id, requestHash, response }: CommandRecord, version: number): void {
    this.of(tenant).recorded.set(id, { id, requestHash, response, version });
  }

  reserve(tenant: string, { id, requestHash, holder, lease }: CommandReservation): ReservationResult {
    const { recorded, reservations } = this.of(tenant);
    const command = recorded.get(id);
    if (command !== undefined) return { kind: "recorded", command };
    const known = reservations.get(id);
    const now = performance.now();
    if (known !== undefined && known.holder !== holder && (known.until > now || known.requestHash !== requestHash)) {
      return { kind: "reserved_by_other", requestHash: known.requestHash };
    }
    reservations.set(id, { requestHash, holder, until: now + lease });
    return { kind: "reserved" };
  }

  release(tenant: string, id: string, holder: string): void {
    const { reservations } = this.of(tenant);
    if (reservations.get(id)?.holder === holder) reservations.delete(id);
  }

  /** false: it is recorded already, or another holder has reserved it. */
  record(tenant: string, command: CommandRecord, holder: string | undefined): boolean {
    const { recorded, reservations } = this.of(tenant);
    const known = reservations.get(command.id);
    if (recorded.has(command.id) || (known !== undefined && known.holder !== holder)) return false;
    reservations.delete(command.id);
    this.keep(tenant, command, 0);
    return true;
  }

  /** Whether one of several commands is recorded or reserved, or two have the same id. */
  anyKnown(tenant: string, commands: readonly CommandRecord[]): boolean {
    const ids = new Set(commands.map(({ id }) => id));
    return ids.size < commands.length || commands.some((command) => this.refuse(tenant, command) !== undefined);
  }

  /** Returns why a command must not run: it is recorded, or its id is recorded or reserved for another request. */
  refuse(
    tenant: string,
    command: CommandRecord,
  ): Extract<AppendResult, { readonly kind: "duplicate" | "command_mismatch" }> | undefined {
    const commands = this.tenants.get(tenant);
    if (commands === undefined) return undefined;
    const known = commands.recorded.get(command.id);
    if (known === undefined) return commands.reservations.has(command.id) ? { kind: "command_mismatch" } : undefined;
    return known.requestHash === command.requestHash
      ? { kind: "duplicate", response: known.response, version: known.version }
      : { kind: "command_mismatch" };
  }

  private of(tenant: string): TenantCommands {
    let found = this.tenants.get(tenant);
    if (found === undefined) {
      found = new TenantCommands();
      this.tenants.set(tenant, found);
    }
    return found;
  }
}
