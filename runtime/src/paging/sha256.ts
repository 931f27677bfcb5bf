// Synchronous SHA-256 (FIPS 180-4) and HMAC (RFC 2104): WebCrypto is asynchronous, and the core cannot import `node:`.

const blockSize = 64;

/** The first 32 bits of the fractional part of a root, of which FIPS 180-4 derives its constants. */
const fraction = (root: number): number => ((root % 1) * 0x1_0000_0000) | 0;
const primes = firstPrimes(64);
const roundConstants = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));
const initialState = Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));

function firstPrimes(count: number): readonly number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (!found.some((prime) => n % prime === 0)) found.push(n);
  return found;
}

// Shared by all calls, which are synchronous: allocating them takes longer than hashing a block.
const schedule = new Int32Array(64);
const working = new Int32Array(8);
const ending = new Uint8Array(2 * blockSize);

/** The digest of bytes: 32 bytes. */
export function sha256(message: Uint8Array): Uint8Array {
  return digest(initialState, 0, message);
}

/** HMAC-SHA-256 under one key, whose first blocks are computed once. */
export class Hmac {
  private readonly inner: Int32Array;
  private readonly outer: Int32Array;

  constructor(key: Uint8Array) {
    const block = new Uint8Array(blockSize);
    block.set(key.length > blockSize ? sha256(key) : key);
    this.inner = startWith(block.map((byte) => byte ^ 0x36));
    this.outer = startWith(block.map((byte) => byte ^ 0x5c));
  }

  /** 32 bytes. */
  sign(message: Uint8Array): Uint8Array {
    return digest(this.outer, blockSize, digest(this.inner, blockSize, message));
  }
}

function startWith(block: Uint8Array): Int32Array {
  const state = initialState.slice();
  compress(state, block, 0);
  return state;
}

/** Continues from the state after `done` bytes. */
function digest(from: Int32Array, done: number, message: Uint8Array): Uint8Array {
  working.set(from);
  const whole = message.length - (message.length % blockSize);
  for (let at = 0; at < whole; at += blockSize) compress(working, message, at);
  // The remaining bytes, one bit, zeros, and the length in bits as a 64-bit number.
  const rest = message.length - whole;
  const end = rest + 9 > blockSize ? 2 * blockSize : blockSize;
  for (let i = 0; i < rest; i++) ending[i] = message[whole + i] as number;
  ending[rest] = 0x80;
  ending.fill(0, rest + 1, end - 8);
  const length = done + message.length;
  writeWord(ending, end - 8, Math.floor(length / 0x2000_0000));
  writeWord(ending, end - 4, length << 3);
  for (let at = 0; at < end; at += blockSize) compress(working, ending, at);
  const hash = new Uint8Array(32);
  for (let i = 0; i < 8; i++) writeWord(hash, i * 4, working[i] as number);
  return hash;
}

function writeWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24;
  bytes[at + 1] = word >>> 16;
  bytes[at + 2] = word >>> 8;
  bytes[at + 3] = word;
}

/** Updates the state by one block of 64 bytes. */
function compress(state: Int32Array, bytes: Uint8Array, at: number): void {
  const w = schedule;
  for (let i = 0; i < 16; i++) {
    const from = at + i * 4;
    w[i] =
      ((bytes[from] as number) << 24) |
      ((bytes[from + 1] as number) << 16) |
      ((bytes[from + 2] as number) << 8) |
      (bytes[from + 3] as number);
  }
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15] as number;
    const y = w[i - 2] as number;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = ((w[i - 16] as number) + s0 + (w[i - 7] as number) + s1) | 0;
  }
  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  let e = state[4] as number;
  let f = state[5] as number;
  let g = state[6] as number;
  let h = state[7] as number;
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const choice = (e & f) ^ (~e & g);
    const t1 = (h + s1 + choice + (roundConstants[i] as number) + (w[i] as number)) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + s0 + majority) | 0;
  }
  state[0] = (state[0] as number) + a;
  state[1] = (state[1] as number) + b;
  state[2] = (state[2] as number) + c;
  state[3] = (state[3] as number) + d;
  state[4] = (state[4] as number) + e;
  state[5] = (state[5] as number) + f;
  state[6] = (state[6] as number) + g;
  state[7] = (state[7] as number) + h;
}
