import type { Logger } from "../cqrs/index.js";

/** Work that no caller waits for, such as saving snapshots. The app waits for it before it stops. */
export class Background {
  private readonly running = new Set<Promise<void>>();
  private readonly logger: Logger;

  constructor(logger: Logger) {
    this.logger = logger;
  }

  add(work: Promise<void>): void {
    const watched = work
      .catch((error: unknown) => this.logger.warn("background work failed", { error }))
      .finally(() => this.running.delete(watched));
    this.running.add(watched);
  }

  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }
}
