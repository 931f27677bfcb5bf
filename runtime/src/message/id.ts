const hex: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Eight random bytes an id: random numbers are fetched for many ids at once, since each fetch is dear. */
const pool = new Uint8Array(8 * 256);
let used = pool.length;

let millisecond = 0;
let counter = 0;
let prefix = "";

/**
 * A new UUID of version 7 (RFC 9562). Ids of one process sort in the order in which they were made: the twelve bits
 * after the time are a counter, which starts anew in its lower half every millisecond (section 6.2, method 1).
 */
export function newId(): string {
  if (used === pool.length) {
    globalThis.crypto.getRandomValues(pool);
    used = 0;
  }
  const at = used;
  used += 8;
  const now = Date.now();
  if (now > millisecond) {
    startMillisecond(now, at);
  } else if (++counter > 0xfff) {
    // A clock that stands still or goes back must not lead to an id that sorts before an earlier one.
    startMillisecond(millisecond + 1, at);
  }
  return (
    prefix +
    hex[counter >> 8]?.charAt(1) +
    hex[counter & 0xff] +
    "-" +
    hex[((pool[at] as number) & 0x3f) | 0x80] +
    hex[pool[at + 1] as number] +
    "-" +
    hex[pool[at + 2] as number] +
    hex[pool[at + 3] as number] +
    hex[pool[at + 4] as number] +
    hex[pool[at + 5] as number] +
    hex[pool[at + 6] as number] +
    hex[pool[at + 7] as number]
  );
}

function startMillisecond(time: number, at: number): void {
  millisecond = time;
  counter = (((pool[at] as number) << 8) | (pool[at + 1] as number)) & 0x7ff;
  const digits = time.toString(16).padStart(12, "0");
  prefix = `${digits.slice(0, 8)}-${digits.slice(8)}-7`;
}
