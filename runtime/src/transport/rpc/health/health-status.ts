import { onAbort, openWait, type Wait } from "../../../async/index.js";
import { markLogged } from "../../../cqrs/index.js";
import { PotterError } from "../../../errors/index.js";
import { createReadiness, type TransportHost } from "../../../http/index.js";

/** The numbers of `grpc.health.v1.HealthCheckResponse.ServingStatus`. */
export const servingStatus = { serving: 1, notServing: 2, serviceUnknown: 3 } as const;

/** One of the numbers. */
export type ServingStatus = (typeof servingStatus)[keyof typeof servingStatus];

/** How often a watched store is asked, in milliseconds. */
const watchInterval = 5_000;

/** Whether an app serves: until it starts to stop, and while its store can serve calls. */
export class HealthStatus {
  /** The names of the services; the empty one is the app as a whole. */
  readonly services: ReadonlySet<string>;
  private readonly isReady: () => Promise<boolean>;
  private readonly waits: Set<Wait> = new Set();
  private isStopping = false;

  constructor(host: TransportHost) {
    this.services = new Set(["", ...host.methods.map(({ method }) => method.service)]);
    this.isReady = createReadiness(() => host.checkReady?.(), host.logger);
    host.onStop?.(() => {
      this.isStopping = true;
      for (const wait of this.waits) wait.end();
    });
  }

  /** Resolves with the status of a service. */
  async of(service: string): Promise<ServingStatus> {
    if (!this.services.has(service)) return servingStatus.serviceUnknown;
    return !this.isStopping && (await this.isReady()) ? servingStatus.serving : servingStatus.notServing;
  }

  /** Yields the status of a service, and each change of it. Throws a PotterError `unavailable` when the app or its server stops. */
  async *watch(service: string, signal: AbortSignal | undefined): AsyncGenerator<ServingStatus> {
    let last: ServingStatus | undefined;
    for (;;) {
      const isEnd = this.isStopping || signal?.aborted === true;
      const status = isEnd && this.services.has(service) ? servingStatus.notServing : await this.of(service);
      if (status !== last) yield status;
      last = status;
      if (isEnd) throw markLogged(new PotterError("unavailable", "the server stops: watch another one"));
      await this.wait(signal);
    }
  }

  private async wait(signal: AbortSignal | undefined): Promise<void> {
    const wait = openWait(watchInterval);
    this.waits.add(wait);
    const stopListening = onAbort(signal, () => wait.end());
    await wait.ended;
    stopListening();
    this.waits.delete(wait);
  }
}
