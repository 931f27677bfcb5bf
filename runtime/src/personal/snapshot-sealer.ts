import type { Snapshot, StreamId } from "../store/ports/index.js";
import type { AesKey } from "./aes.js";
import { bind } from "./binding.js";
import type { KeyRing, UsableKey } from "./key-ring.js";
import { varintSize, WireCursor, writeVarint } from "./wire-cursor.js";

const format = 1;
const utf8 = new TextEncoder();
const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** The purpose of derived keys, and the number of their only block. */
const purpose = utf8.encode("potter snapshot\u0001");

interface Holder {
  readonly subject: string;
  readonly generation: number;
}

/** Why a state cannot be decrypted: `erased`, a subject was erased; `unreadable`, its bytes are damaged or not sealed. */
export type NoState = "erased" | "unreadable";

/**
 * Encrypts whole states. A state may hold data of several subjects. Its key is derived from all of their keys, so it is
 * lost when any of them is erased.
 */
export class SnapshotSealer {
  private readonly ring: KeyRing;

  constructor(ring: KeyRing) {
    this.ring = ring;
  }

  /** Encrypts a snapshot; undefined if a subject was erased, since the state may hold its data. */
  async seal(stream: StreamId, snapshot: Snapshot, subjects: readonly string[]): Promise<Snapshot | undefined> {
    const sorted = [...subjects].sort();
    const keys: UsableKey[] = [];
    for (const subject of sorted) {
      const key = await this.ring.toWrite({ tenant: stream.tenant, subject });
      if (key === "erased") return undefined;
      keys.push(key);
    }
    const holders = sorted.map((subject, i) => ({ subject, generation: (keys[i] as UsableKey).generation }));
    const head = writeHead(holders);
    const sealed = await (await this.derive(keys)).encrypt(snapshot.state, boundTo(stream, snapshot, head));
    const state = new Uint8Array(head.length + sealed.length);
    state.set(head);
    state.set(sealed, head.length);
    return { ...snapshot, state };
  }

  /** Decrypts the state, or returns why that is impossible: then the state is computed from events. */
  async open(stream: StreamId, snapshot: Snapshot): Promise<Uint8Array | NoState> {
    const { holders, size } = readHead(snapshot.state) ?? {};
    if (holders === undefined) return "unreadable";
    const { tenant } = stream;
    const keys = await this.ring.toRead(holders.map((holder) => ({ tenant, ...holder })));
    const usable = keys.filter((key) => typeof key === "object");
    if (usable.length < keys.length) return keys.includes("missing") ? "unreadable" : "erased";
    try {
      const head = snapshot.state.subarray(0, size);
      const key = await this.derive(usable);
      return await key.decrypt(snapshot.state.subarray(size), boundTo(stream, snapshot, head));
    } catch {
      return "unreadable";
    }
  }

  private async derive(keys: readonly UsableKey[]): Promise<AesKey> {
    const all = new Uint8Array(keys.length * 32);
    for (const [i, { raw }] of keys.entries()) all.set(raw, i * 32);
    const { cryptography } = this.ring;
    // HKDF-SHA-256 (RFC 5869) without a salt, of 32 bytes.
    const extracted = await cryptography.hmac(new Uint8Array(32), all);
    return cryptography.key(await cryptography.hmac(extracted, purpose));
  }
}

/** Returns the subjects whose data a sealed state may hold; undefined if the state is not sealed. */
export function subjectsOfState(state: Uint8Array): readonly string[] | undefined {
  return readHead(state)?.holders.map(({ subject }) => subject);
}

function boundTo({ tenant, type, id }: StreamId, { version, stateVersion }: Snapshot, head: Uint8Array): Uint8Array {
  return bind(["snapshot", tenant, type, id, version, stateVersion], head);
}

function writeHead(holders: readonly Holder[]): Uint8Array {
  const names = holders.map(({ subject }) => utf8.encode(subject));
  const sizes = names.map(
    (name, i) => varintSize((holders[i] as Holder).generation) + varintSize(name.length) + name.length,
  );
  const bytes = new Uint8Array(1 + varintSize(names.length) + sizes.reduce((sum, size) => sum + size, 0));
  bytes[0] = format;
  let at = writeVarint(bytes, 1, names.length);
  for (const [i, name] of names.entries()) {
    at = writeVarint(bytes, at, (holders[i] as Holder).generation);
    at = writeVarint(bytes, at, name.length);
    bytes.set(name, at);
    at += name.length;
  }
  return bytes;
}

function readHead(state: Uint8Array): { readonly holders: readonly Holder[]; readonly size: number } | undefined {
  if (state[0] !== format) return undefined;
  try {
    const cursor = new WireCursor(state, 1);
    const holders: Holder[] = [];
    for (let left = cursor.varint(); left > 0; left--) {
      const generation = cursor.varint();
      const length = cursor.varint();
      const start = cursor.at;
      cursor.pass(length);
      holders.push({ generation, subject: text.decode(state.subarray(start, cursor.at)) });
    }
    return holders.length === 0 ? undefined : { holders, size: cursor.at };
  } catch {
    // A state from before its events had personal fields can be any bytes.
    return undefined;
  }
}
