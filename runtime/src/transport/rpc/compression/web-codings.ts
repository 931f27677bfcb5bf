import { type Coding, TooLarge } from "./coding.js";

/** Gzip by the Compression standard, which has no other coding of RPC. Empty where the platform does not have it. */
export function createWebCodings(): readonly Coding[] {
  if (typeof CompressionStream === "undefined" || typeof DecompressionStream === "undefined") return [];
  return [
    {
      name: "gzip",
      compress: (bytes) => pass(bytes, new CompressionStream("gzip"), Number.POSITIVE_INFINITY),
      decompress: (bytes, limit) => pass(bytes, new DecompressionStream("gzip"), limit),
    },
  ];
}

async function pass(bytes: Uint8Array, through: CompressionStream, limit: number): Promise<Uint8Array> {
  const writer = through.writable.getWriter();
  // The reader reports errors.
  writer.write(bytes as Uint8Array<ArrayBuffer>).catch(() => {});
  writer.close().catch(() => {});
  const reader = (through.readable as ReadableStream<Uint8Array>).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    length += step.value.length;
    if (length > limit) {
      reader.cancel().catch(() => {});
      throw new TooLarge();
    }
    parts.push(step.value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
