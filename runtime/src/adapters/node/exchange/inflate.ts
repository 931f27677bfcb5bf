import { brotliDecompress, gunzip, inflateRaw, inflate as inflateZlib } from "node:zlib";
import { type ContentCoding, isRawDeflate, notEncoded, tooLarge } from "../../../http/index.js";

/** Inflates a body outside the main thread. Rejects with an HttpError 413 above `limit` bytes, and stops inflating. */
export function inflate(body: Buffer, coding: ContentCoding, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (body.length === 0) {
      resolve(body);
      return;
    }
    const options = { maxOutputLength: limit };
    const done = (error: NodeJS.ErrnoException | null, inflated: Buffer): void => {
      if (error === null) resolve(inflated);
      else reject(error.code === "ERR_BUFFER_TOO_LARGE" ? tooLarge(limit) : notEncoded(coding));
    };
    if (coding === "gzip") gunzip(body, options, done);
    else if (coding === "br") brotliDecompress(body, options, done);
    else if (isRawDeflate(body)) inflateRaw(body, options, done);
    else inflateZlib(body, options, done);
  });
}
