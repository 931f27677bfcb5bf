export interface LivenessMonitorOptions<Client> {
  /** How long a response may take before the server is probed, in milliseconds. */
  readonly after: number;
  /**
   * Returns the connections that are lost, as the server reports on another connection, or because that gets no
   * response either.
   */
  findLost(clients: readonly Client[]): Promise<readonly Client[]>;
  /** Closes lost connections. */
  cut(clients: readonly Client[]): void;
}

/**
 * Detects connections that were lost without being closed: the host has lost power, or the network drops packets.
 * Silence alone proves nothing, since a statement may take long.
 */
export class LivenessMonitor<Client> {
  private readonly options: LivenessMonitorOptions<Client>;
  /** Since when each busy connection has been waiting, or when the server last responded. */
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
    // Connections that still wait for the same response.
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
