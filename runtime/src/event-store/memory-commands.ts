import type { AppendResult, CommandRecord } from "./event-store.js";

export type StoredCommand = CommandRecord & { readonly version: number };

/** The commands that were carried out, in this process. */
export class MemoryCommands {
  private readonly tenants = new Map<string, Map<string, StoredCommand>>();

  find(tenant: string, id: string): StoredCommand | undefined {
    return this.tenants.get(tenant)?.get(id);
  }

  keep(tenant: string, { id, requestHash, response }: CommandRecord, version: number): void {
    const commands = this.tenants.get(tenant) ?? new Map<string, StoredCommand>();
    commands.set(id, { id, requestHash, response, version });
    this.tenants.set(tenant, commands);
  }

  /** Why a command cannot be carried out: it was before, or another was under its id. */
  refuse(
    tenant: string,
    command: CommandRecord,
  ): Extract<AppendResult, { readonly kind: "duplicate" | "mismatch" }> | undefined {
    const known = this.find(tenant, command.id);
    if (known === undefined) return undefined;
    return known.requestHash === command.requestHash
      ? { kind: "duplicate", response: known.response, version: known.version }
      : { kind: "mismatch" };
  }
}
