const digits = Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));
const dash = "-".charCodeAt(0);

/** Random bytes for 2,048 ids, eight per id, since a call of the random number generator costs as much for few as for many bytes. */
const pool = new Uint8Array(8 * 2_048);
let used = pool.length;

let millisecond = 0;
let counter = 0;

/** The character codes of the current id: time, dash, "7", counter, dash, variant and random bits. */
const codes: number[] = Array.from({ length: 36 }, () => dash);
codes[14] = "7".charCodeAt(0);

/**
 * Returns a new UUID of version 7 (RFC 9562). Ids of one process sort in the order of their creation: the twelve bits after
 * the time are a counter, which restarts in its lower half every millisecond (section 6.2, method 1).
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
    // If the clock stops or goes back, new ids must not sort before earlier ones.
    startMillisecond(millisecond + 1, at);
  }
  codes[15] = digits[counter >> 8] as number;
  write(16, counter & 0xff);
  write(19, ((pool[at] as number) & 0x3f) | 0x80);
  write(21, pool[at + 1] as number);
  for (let i = 0; i < 6; i++) write(24 + 2 * i, pool[at + 2 + i] as number);
  // Created in one call: engines keep a concatenated string as a tree of its parts, which needs more memory.
  return String.fromCharCode.apply(null, codes);
}

function write(at: number, byte: number): void {
  codes[at] = digits[byte >> 4] as number;
  codes[at + 1] = digits[byte & 0xf] as number;
}

function startMillisecond(time: number, at: number): void {
  millisecond = time;
  counter = (((pool[at] as number) << 8) | (pool[at + 1] as number)) & 0x7ff;
  const text = time.toString(16).padStart(12, "0");
  for (let i = 0; i < 12; i++) codes[i < 8 ? i : i + 1] = text.charCodeAt(i);
}
