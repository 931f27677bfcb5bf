import { setTimeout as sleep } from "node:timers/promises";
import { isPotterError, PotterError } from "../../../errors/index.js";
import { toSessionScript } from "../../../sql/index.js";
import { Connections, medium } from "./connections.js";
import type { Hosts } from "./hosts.js";
import type { PostgresOptions } from "./options.js";
import { toTls } from "./tls.js";

/** Creates the pool; connections open on demand. Calls `lost` for each lost connection. */
export function openConnections(options: PostgresOptions, hosts: Hosts, lost: () => void = () => {}): Connections {
  const {
    connections = 10,
    applicationName = "potter",
    connectTimeout = 10_000,
    unresponsiveTimeout = 10_000,
    tls,
  } = options;
  const ssl = toTls(tls, hosts.parameters);
  const pooled = options.pooler === "transaction";
  return new Connections({
    hosts,
    most: connections,
    connectTimeout,
    unresponsiveTimeout,
    pooled,
    // Behind a pooler, session settings would apply to other clients.
    ...(!pooled && { sessionScript: toSessionScript(options) }),
    lost,
    config: { application_name: applicationName, ...(ssl !== undefined && { ssl }) },
  });
}

/** Waits for a server or a network that is still starting. Other errors, such as a wrong password, fail at once. */
export async function awaitServer(connections: Connections, { name }: Hosts, end: number): Promise<void> {
  for (let wait = 50; ; wait = Math.min(wait * 2, 1000)) {
    try {
      await connections.use(async () => {});
      return;
    } catch (error) {
      const cause = isPotterError(error) ? (error.cause ?? error) : error;
      const reason =
        cause instanceof Error ? cause.message || String((cause as { code?: unknown }).code) : String(cause);
      if (!isPotterError(error) || error.code !== "unavailable") {
        throw new PotterError("failed_precondition", `${medium} at ${name} does not let us in: ${reason}`, {
          cause,
          confidential: true,
        });
      }
      if (performance.now() + wait > end) {
        throw new PotterError("unavailable", `${medium} at ${name} cannot be reached: ${reason}`, {
          cause,
          confidential: true,
        });
      }
    }
    await sleep(wait);
  }
}
