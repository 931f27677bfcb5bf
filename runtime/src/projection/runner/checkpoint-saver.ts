import type { Logger } from "../../cqrs/index.js";
import type { Store } from "../../store/ports/index.js";
import type { ShardWorker } from "./shard-worker.js";

/** How long positions are collected before they are saved, in milliseconds: while other processes may wait for them, and while not. */
const delays = { shared: 20, alone: 1000 };

export interface CheckpointSaverDependencies {
  readonly store: Store;
  readonly logger: Logger;
  workers(): readonly ShardWorker[];
}

/** Saves the positions of shards that have passed events which change nothing: those of all shards in one call. */
export class CheckpointSaver {
  /** Whether other processes run the same projections. */
  isShared = false;
  private readonly dependencies: CheckpointSaverDependencies;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private saving: Promise<void> | undefined;
  private stopped = false;

  constructor(dependencies: CheckpointSaverDependencies) {
    this.dependencies = dependencies;
  }

  /** Saves soon. */
  soon(): void {
    this.schedule(this.isShared ? delays.shared : delays.alone);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.saving;
  }

  private schedule(delay: number): void {
    if (this.timer !== undefined || this.stopped) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.saving = this.save(this.saving);
    }, delay);
  }

  private async save(before: Promise<void> | undefined): Promise<void> {
    await before;
    const { store, logger } = this.dependencies;
    const unsaved = this.dependencies.workers().flatMap((worker) => {
      const move = worker.unsaved;
      return move === undefined ? [] : [{ worker, move }];
    });
    if (unsaved.length === 0) return;
    const saved = store.projections.advance(unsaved.map(({ move }) => move));
    const outcomes = await Promise.allSettled(
      unsaved.map(({ worker, move }, i) =>
        worker.save(
          move,
          saved.then((all) => all[i] === true),
        ),
      ),
    );
    const failed = outcomes.find(({ status }) => status === "rejected");
    if (failed === undefined) return;
    const { reason: error } = failed as PromiseRejectedResult;
    logger.warn("checkpoints of projections could not be saved, will retry", { error });
    this.schedule(delays.alone);
  }
}
