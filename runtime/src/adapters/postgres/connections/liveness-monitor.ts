export interface LivenessMonitorOptions<Client> {
  /** How long an answer may take before the server is asked whether it is there, in milliseconds. */
  readonly after: number;
  /** Those of which nothing will come, by what the server says on another connection, or because it says nothing there either. */
  findLost(clients: readonly Client[]): Promise<readonly Client[]>;
  /** Ends connections of which nothing will come. */
  cut(clients: readonly Client[]): void;
}

/**
 * Notices connections that are gone without a word: the server's host has lost power, or the network swallows what is sent. A statement
 * may take long, so silence alone is no sign of it.
 */
export class LivenessMonitor<Client> {
  private readonly options: LivenessMonitorOptions<Client>;
  /** Since when each connection in use has been waiting, or when the server was last known to be there. */
  private readonly since: Map<Client, number> = new Map();
  private timer: ReturnType<typeof setInterval> | undefined;
  private asking = false;

  constructor(options: LivenessMonitorOptions<Client>) {
    this.options = options;
  }

  begin(client: Client): void {
    this.since.set(client, performance.now());
    this.timer ??= setInterval(() => void this.look(), this.options.after / 2).unref();
  }

  end(client: Client): void {
    this.since.delete(client);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async look(): Promise<void> {
    if (this.since.size === 0) this.stop();
    const began = performance.now();
    const silent = [...this.since].filter(([, since]) => began - since >= this.options.after);
    if (silent.length === 0 || this.asking) return;
    this.asking = true;
    const lost = await this.findLost(silent.map(([client]) => client));
    // Those that are still at the same.
    const waiting = silent.flatMap(([client, since]) => (this.since.get(client) === since ? [client] : []));
    for (const client of waiting) this.since.set(client, performance.now());
    const cut = waiting.filter((client) => lost.has(client));
    if (cut.length > 0) this.options.cut(cut);
  }

  private async findLost(clients: readonly Client[]): Promise<ReadonlySet<Client>> {
    try {
      return new Set(await this.options.findLost(clients));
    } finally {
      this.asking = false;
    }
  }
}
