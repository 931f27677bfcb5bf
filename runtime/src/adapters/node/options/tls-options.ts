import { createSecureContext, type TlsOptions } from "node:tls";
import { PotterError } from "../../../errors/index.js";

/** Certificate and key, and what else `node:tls` knows: `ca` and `requestCert` for certificates of clients, `SNICallback`, `minVersion`. */
export type TlsMaterial = Omit<TlsOptions, "ALPNProtocols" | "ALPNCallback" | "handshakeTimeout">;

/**
 * What takes the place of a certificate: `{ key, cert }` as PEM, or `pfx`, with its `passphrase` if it has one. `ca` and `crl`, for
 * certificates of clients, stay as they are if they are absent.
 */
export type TlsCertificate = Pick<TlsOptions, "key" | "cert" | "pfx" | "passphrase" | "ca" | "crl">;

/** Checks certificate and key. Throws a PotterError, which contains neither. `subject`: what was called, for messages. */
export function readTls(given: TlsMaterial, subject = "serve"): TlsMaterial {
  const { key, cert, pfx, SNICallback } = given;
  if (!isGiven(pfx) && SNICallback === undefined && !(isGiven(key) && isGiven(cert))) {
    const missing = isGiven(key) ? "cert" : "key";
    const expected = "expected key and cert as PEM, or pfx";
    throw new PotterError("invalid_argument", `${subject} has tls without ${missing}: ${expected}`);
  }
  try {
    createSecureContext(given);
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    const remedy = "expected a key and the certificate that belongs to it, as PEM";
    throw new PotterError("invalid_argument", `${subject} has invalid tls: ${code} ${message}: ${remedy}`);
  }
  return given;
}

/** node:tls takes an empty file, such as one that is being written, for none. */
function isGiven(material: TlsMaterial["key"] | TlsMaterial["cert"] | TlsMaterial["pfx"]): boolean {
  return material !== undefined && material.length > 0;
}

/** Puts another certificate in the place of the present one, and checks it. The other settings stay. Throws a PotterError. */
export function renewTls(present: TlsMaterial, renewed: TlsCertificate): TlsMaterial {
  const { key: _key, cert: _cert, pfx: _pfx, passphrase: _passphrase, SNICallback, ...settings } = present;
  // The callback stays with the server, but does not make up for a certificate that is missing.
  readTls({ ...settings, ...renewed }, "renewTls");
  return { ...settings, ...renewed, ...(SNICallback && { SNICallback }) };
}
