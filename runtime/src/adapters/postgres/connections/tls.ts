import { readFileSync } from "node:fs";
import { type ConnectionOptions, checkServerIdentity } from "node:tls";
import { PotterError } from "../../../errors/index.js";
import type { PostgresTls } from "./options.js";

/**
 * TLS settings from the option and the parameters of the URL. undefined: neither is set, so pg's environment variables
 * apply. Parsed here since pg warns of modes whose meaning it will change. Every encrypting mode verifies chain and
 * name, unless it excludes this.
 */
export function toTls(
  given: PostgresTls | undefined,
  parameters: URLSearchParams,
): ConnectionOptions | false | undefined {
  const mode = toMode(parameters);
  if (given === undefined && mode === undefined) return undefined;
  if (mode === "disable" && given === undefined) return false;
  const file = (name: string) => {
    const path = parameters.get(name);
    return path === null ? undefined : readFileSync(path, "utf8");
  };
  const ca = given?.ca ?? file("sslrootcert");
  const cert = given?.cert ?? file("sslcert");
  const key = given?.key ?? file("sslkey");
  const { servername } = given ?? {};
  return {
    rejectUnauthorized: given?.rejectUnauthorized ?? mode !== "no-verify",
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    // pg always sends the host as the server name; the check can use another.
    ...(servername !== undefined && {
      servername,
      checkServerIdentity: (_: string, certificate) => checkServerIdentity(servername, certificate),
    }),
    ...(servername === undefined && mode === "verify-ca" && { checkServerIdentity: () => undefined }),
  };
}

type Mode = "disable" | "no-verify" | "verify-ca" | "verify-full";

function toMode(parameters: URLSearchParams): Mode | undefined {
  const mode = parameters.get("sslmode");
  const certificates = ["sslrootcert", "sslcert", "sslkey"].some((name) => parameters.has(name));
  switch (mode) {
    case null:
      return certificates ? "verify-full" : undefined;
    case "disable":
    case "no-verify":
    case "verify-ca":
    case "verify-full":
      return mode;
    case "require":
      // libpq verifies only with a root certificate, pg always. The stricter one is the default.
      if (parameters.get("uselibpqcompat") !== "true") return "verify-full";
      return parameters.has("sslrootcert") ? "verify-ca" : "no-verify";
    default:
      throw new PotterError(
        "invalid_argument",
        `sslmode=${mode} is not supported, since it may leave a connection open to anybody: expected disable, no-verify, require, verify-ca or verify-full`,
      );
  }
}
