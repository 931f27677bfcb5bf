import { PotterError } from "../../errors/index.js";

/** Says where a server cannot listen, why, and what to do. */
export function toListenError(error: unknown, port: number, host: string): PotterError {
  const { code = "", message } = error as NodeJS.ErrnoException;
  const where = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const reason = reasons[code] ?? `: ${message}`;
  return new PotterError("unavailable", `cannot listen on ${where}${reason}`, { cause: error });
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: ", since another process does: end it, or choose another port",
  EACCES: ", which needs more rights: choose a port above 1023",
  EADDRNOTAVAIL: ", since this machine has no such address: choose another host, such as 127.0.0.1 or 0.0.0.0",
  ENOTFOUND: ", since the host is unknown: choose another one, such as 127.0.0.1 or 0.0.0.0",
};
