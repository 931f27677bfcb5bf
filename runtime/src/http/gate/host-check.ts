import { PotterError } from "../../errors/index.js";
import { HttpError } from "../errors/index.js";
import type { HttpRequest } from "../http.js";

/**
 * Creates the check that throws an HttpError 421 for a request to an unknown host. A browser treats a page whose name resolves to
 * this server (DNS rebinding) as same-origin; only the `host` header reveals it. Throws a PotterError for an invalid host.
 */
export function createHostCheck(hosts: readonly string[]): (request: Pick<HttpRequest, "header">) => void {
  const known = new Set(hosts.map(checkHost));
  if (known.size === 0) {
    throw new PotterError("invalid_argument", "http.hosts is empty: expected the hosts that requests may name");
  }
  return (request) => {
    const host = request.header("host")?.toLowerCase() ?? "";
    if (known.has(host) || known.has(host.replace(/:\d+$/, ""))) return;
    throw new HttpError(421, "permission_denied", "this server does not serve the host of the request");
  };
}

function checkHost(host: string): string {
  if (/^(\[[\da-f:.]+\]|[a-z\d_]([a-z\d_.-]*[a-z\d_])?)(:\d{1,5})?$/i.test(host)) return host.toLowerCase();
  throw new PotterError(
    "invalid_argument",
    `http.hosts has ${JSON.stringify(host)}: expected a name such as "shop.example.com" or "localhost:8080"`,
  );
}
