/** The head of a MessagePack value. */
interface Head {
  /** The size of the head, in bytes. */
  readonly size: number;
  /** The size of the content after it, in bytes. */
  readonly content: number;
  /** The number of values after it. */
  readonly values: number;
}

/**
 * Checks that bytes are one complete MessagePack value, nested no deeper than `maxDepth`. It reads only heads and allocates nothing,
 * so that a decoder can trust every length that they declare.
 */
export function checkShape(bytes: Uint8Array, maxDepth: number): "sound" | "broken" | "too deep" {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** The number of missing values at each level. */
  const missing: number[] = [1];
  let at = 0;
  while (missing.length > 0) {
    const level = missing.length - 1;
    if (missing[level] === 0) {
      missing.pop();
      continue;
    }
    (missing[level] as number)--;
    const head = at < bytes.length ? readHead(view, at) : undefined;
    if (head === undefined) return "broken";
    at += head.size + head.content;
    if (at > bytes.length || head.values > bytes.length - at) return "broken";
    if (head.values < 0) continue;
    if (level + 1 > maxDepth) return "too deep";
    missing.push(head.values);
  }
  return at === bytes.length ? "sound" : "broken";
}

const none = -1;

/** Returns undefined for an invalid or incomplete head. `values` is -1 for a value that is neither array nor map. */
function readHead(view: DataView, at: number): Head | undefined {
  const byte = view.getUint8(at);
  if (byte < 0x80 || byte >= 0xe0) return { size: 1, content: 0, values: none };
  if (byte < 0x90) return { size: 1, content: 0, values: (byte & 0x0f) * 2 };
  if (byte < 0xa0) return { size: 1, content: 0, values: byte & 0x0f };
  if (byte < 0xc0) return { size: 1, content: byte & 0x1f, values: none };
  const kind = kinds[byte - 0xc0];
  if (kind === undefined) return undefined;
  const [width, fixed, per] = kind;
  if (at + 1 + width > view.byteLength) return undefined;
  const length =
    width === 0
      ? 0
      : width === 1
        ? view.getUint8(at + 1)
        : width === 2
          ? view.getUint16(at + 1)
          : view.getUint32(at + 1);
  return per === undefined
    ? { size: 1 + width, content: fixed + length, values: none }
    : { size: 1 + width, content: 0, values: length * per };
}

/** The heads from 0xc0: the size of the length, the size of further content, and the values for each unit of the length. */
const kinds: readonly (readonly [width: number, fixed: number, per?: number] | undefined)[] = [
  [0, 0], // nil
  undefined, // never used
  [0, 0], // false
  [0, 0], // true
  [1, 0], // bin 8
  [2, 0],
  [4, 0],
  [1, 1], // ext 8
  [2, 1],
  [4, 1],
  [0, 4], // float 32
  [0, 8],
  [0, 1], // uint 8
  [0, 2],
  [0, 4],
  [0, 8],
  [0, 1], // int 8
  [0, 2],
  [0, 4],
  [0, 8],
  [0, 2], // fixext 1
  [0, 3],
  [0, 5],
  [0, 9],
  [0, 17],
  [1, 0], // str 8
  [2, 0],
  [4, 0],
  [2, 0, 1], // array 16
  [4, 0, 1],
  [2, 0, 2], // map 16
  [4, 0, 2],
];
