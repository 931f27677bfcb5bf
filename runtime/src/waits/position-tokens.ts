import { positionLost } from "../errors/index.js";
import { type PageTokens, sha256 } from "../paging/index.js";
import type { EventStore } from "../store/ports/index.js";

/** How far the clock of the store may be ahead of that of a process, in milliseconds. */
const clockSkew = 60_000;
/** Of how many tokens a process remembers that it has checked them. */
const maxChecked = 1_000;

/** A position of the log, and when it was the last of a command: milliseconds since 1970, by the clock of the process. */
export interface Sealed {
  readonly position: number;
  readonly at: number;
}

/**
 * Positions of the log as tokens: unreadable, and valid for one tenant of one store only. They are sealed by a key that the store
 * keeps, so another store cannot open them. A token whose event is not there, or was recorded later than the token was made, is of a
 * store that was emptied or restored from a backup since.
 */
export class PositionTokens {
  private readonly keys: PageTokens;
  private readonly events: Pick<EventStore, "readAll" | "last">;
  private readonly checked = new Map<string, Sealed>();

  /** `keys`: of this store only. `events`: the events without decryption. */
  constructor(keys: PageTokens, events: Pick<EventStore, "readAll" | "last">) {
    this.keys = keys;
    this.events = events;
  }

  /** Reads the key if that was not done before, so that `seal` cannot fail for it. */
  async ready(): Promise<void> {
    await this.keys.codec();
  }

  async seal(tenant: string, { position, at }: Sealed): Promise<string> {
    const codec = await this.keys.codec();
    return codec.seal(listOf("position", tenant), `${position}.${at}`);
  }

  /**
   * Returns the highest position of some tokens. Throws `out_of_range` with the reason POSITION_LOST if one of them is not of this store
   * and tenant, or if the store does not have the highest.
   */
  async openHighest(tenant: string, tokens: readonly string[]): Promise<number> {
    const codec = await this.keys.codec();
    let highest: (Sealed & { readonly key: string }) | undefined;
    for (const token of tokens) {
      const key = `${tenant}\0${token}`;
      const known = this.checked.get(key);
      const sealed = known === undefined ? readSealed(codec.open(listOf("position", tenant), token)) : known;
      if (sealed === undefined) throw positionLost("the token");
      if (highest === undefined || sealed.position > highest.position) highest = { ...sealed, key };
    }
    if (highest === undefined) return 0;
    if (!this.checked.has(highest.key) && (await this.check(highest))) this.remember(highest.key, highest);
    return highest.position;
  }

  /** Seals what the process itself needs to continue, for nobody else to read. */
  async sealText(use: string, text: string): Promise<string> {
    const codec = await this.keys.codec();
    return codec.seal(listOf(use, ""), text);
  }

  /** undefined: it is no token of this use and store. */
  async openText(use: string, token: string): Promise<string | undefined> {
    const codec = await this.keys.codec();
    return codec.open(listOf(use, ""), token);
  }

  /**
   * Throws if the position is lost. Returns false if its event cannot be read yet, since an append below it is still open: then the
   * event is not known to be the right one.
   */
  async check({ position, at }: Sealed): Promise<boolean> {
    const { events } = await this.events.readAll(position - 1, 1);
    const [found] = events;
    if (found !== undefined) {
      if (found.position === position && found.at <= at + clockSkew) return true;
      throw positionLost("the token");
    }
    const last = await this.events.last();
    if (last === undefined || last.position < position) throw positionLost("the token");
    return false;
  }

  private remember(key: string, { position, at }: Sealed): void {
    // The oldest, since a map keeps the order of its entries.
    for (const oldest of this.checked.keys()) {
      if (this.checked.size < maxChecked) break;
      this.checked.delete(oldest);
    }
    this.checked.set(key, { position, at });
  }
}

/** What a token is for. */
function listOf(use: string, tenant: string): Uint8Array {
  return sha256(new TextEncoder().encode(`potter wait\0${JSON.stringify([use, tenant])}`));
}

function readSealed(text: string | undefined): Sealed | undefined {
  const [position, at] = (text ?? "").split(".").map(Number);
  return position === undefined || at === undefined || !(position > 0) ? undefined : { position, at };
}
