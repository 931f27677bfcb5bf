import { type Coding, TooLarge } from "./coding.js";

type Done = (error: (Error & { readonly code?: string }) | null, bytes: Uint8Array) => void;
type Transform = (bytes: Uint8Array, options: object, done: Done) => void;

/** What is used of node:zlib. */
export interface Zlib {
  readonly gzip: Transform;
  readonly gunzip: Transform;
  readonly brotliCompress: Transform;
  readonly brotliDecompress: Transform;
  readonly constants: Readonly<Record<string, number>>;
}

/** The codings of Node, which run outside the main thread and stop at the limit. */
export function createNodeCodings(zlib: Zlib): readonly Coding[] {
  const { gzip, gunzip, brotliCompress, brotliDecompress, constants } = zlib;
  // As servers choose it for responses that are made once: most of the gain for a fraction of the time.
  const quality = { params: { [constants["BROTLI_PARAM_QUALITY"] as number]: 4 } };
  return [
    {
      name: "gzip",
      compress: (bytes) => run(gzip, bytes, { level: 4 }),
      decompress: (bytes, limit) => run(gunzip, bytes, { maxOutputLength: limit }),
    },
    {
      name: "br",
      compress: (bytes) => run(brotliCompress, bytes, quality),
      decompress: (bytes, limit) => run(brotliDecompress, bytes, { maxOutputLength: limit }),
    },
  ];
}

function run(transform: Transform, bytes: Uint8Array, options: object): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    transform(bytes, options, (error, result) => {
      if (error === null) resolve(result);
      else reject(error.code === "ERR_BUFFER_TOO_LARGE" ? new TooLarge() : error);
    });
  });
}
