import type { HttpRequest } from "./http.js";
import { HttpError } from "./http-error.js";

/**
 * What throws 421 for a request to a host that is none of ours. A page whose name was made to lead to this server (DNS rebinding) is of the
 * same origin for the browser; only the name tells. Throws for a host that is none.
 */
export function createHostCheck(hosts: readonly string[]): (request: Pick<HttpRequest, "header">) => void {
  const known = new Set(hosts.map(checkHost));
  if (known.size === 0) throw new Error("http.hosts is empty: expected the hosts that requests may name");
  return (request) => {
    const host = request.header("host")?.toLowerCase() ?? "";
    if (known.has(host) || known.has(host.replace(/:\d+$/, ""))) return;
    throw new HttpError(421, "permission_denied", "this server does not answer for the host of the request");
  };
}

function checkHost(host: string): string {
  if (/^(\[[\da-f:.]+\]|[a-z\d_]([a-z\d_.-]*[a-z\d_])?)(:\d{1,5})?$/i.test(host)) return host.toLowerCase();
  throw new Error(
    `http.hosts has ${JSON.stringify(host)}: expected a name such as "shop.example.com" or "localhost:8080"`,
  );
}
