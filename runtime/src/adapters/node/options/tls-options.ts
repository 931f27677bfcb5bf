import { createSecureContext, type TlsOptions } from "node:tls";
import { PotterError } from "../../../errors/index.js";

/** Certificate and key, and what else `node:tls` knows: `ca` and `requestCert` for certificates of clients, `SNICallback`, `minVersion`. */
export type TlsMaterial = Omit<TlsOptions, "ALPNProtocols" | "ALPNCallback" | "handshakeTimeout">;

/** Checks certificate and key. Throws a PotterError, which contains neither. */
export function readTls(given: TlsMaterial): TlsMaterial {
  const { key, cert, pfx, SNICallback } = given;
  if (pfx === undefined && SNICallback === undefined && (key === undefined || cert === undefined)) {
    const missing = key === undefined ? "key" : "cert";
    throw new PotterError("invalid_argument", `serve has tls without ${missing}: expected key and cert as PEM, or pfx`);
  }
  try {
    createSecureContext(given);
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    const remedy = "expected a key and the certificate that belongs to it, as PEM";
    throw new PotterError("invalid_argument", `serve has invalid tls: ${code} ${message}: ${remedy}`);
  }
  return given;
}
