import { PotterError } from "../errors/index.js";

/** The size in bytes below which compression is not worth its time. */
const large = 1_024;

const plain = 0;
const deflated = 1;

/** Packs descriptors for the store. The first byte is the kind of compression. */
export async function pack(bytes: Uint8Array): Promise<Uint8Array> {
  if (bytes.length < large) return prefix(plain, bytes);
  return prefix(deflated, await pass(bytes, new CompressionStream("deflate-raw")));
}

export async function unpack(stored: Uint8Array): Promise<Uint8Array> {
  const [kind] = stored;
  const bytes = stored.subarray(1);
  if (kind === plain) return bytes;
  if (kind === deflated) return pass(bytes, new DecompressionStream("deflate-raw"));
  throw new PotterError("data_loss", `descriptors have a compression (${kind}) that this release does not know`);
}

function prefix(kind: number, bytes: Uint8Array): Uint8Array {
  const stored = new Uint8Array(bytes.length + 1);
  stored[0] = kind;
  stored.set(bytes, 1);
  return stored;
}

async function pass(bytes: Uint8Array, stream: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  const packed = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(packed).arrayBuffer());
}
