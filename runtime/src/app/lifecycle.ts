import { markLogged } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import { within } from "./within.js";

/** The pause before the attempt that follows a failed one, in milliseconds: doubles with each, up to the longest. */
const firstPause = 50;
const longestPause = 2_000;

/** How long a start that is under way keeps a stop waiting, in milliseconds, and what happens when an app stops. */
export interface StopOptions {
  readonly timeout: number;
  /** Closes what was opened. Called once, and only after a start that has succeeded or never ended. */
  close(): Promise<void>;
}

/**
 * Starts on demand: once, or again after a failure. All who ask meanwhile share one attempt. Stops once, after whatever start
 * was under way.
 */
export class Lifecycle<Running> {
  /** What is there while the app runs and takes calls, for the path that must not wait. */
  running: Running | undefined;
  /** What is there while the app stops, for the calls that are still under way. */
  draining: Running | undefined;
  private readonly open: () => Promise<Running>;
  private readonly options: StopOptions;
  private starting: Promise<Running> | undefined;
  private stopping: Promise<void> | undefined;
  private giveUp: (error: unknown) => void = () => {};
  private endPause: () => void = () => {};
  private failures = 0;
  private lastFailure = 0;

  /** `open` must close what it has opened if it fails: it is called again. */
  constructor(open: () => Promise<Running>, options: StopOptions) {
    this.open = open;
    this.options = options;
  }

  get isStopping(): boolean {
    return this.stopping !== undefined;
  }

  start(): Promise<Running> {
    if (this.stopping !== undefined) return Promise.reject(this.refusal());
    this.starting ??= new Promise((resolve, reject) => {
      this.giveUp = reject;
      this.attempt().then(resolve, (error: unknown) => {
        this.starting = undefined;
        this.failures++;
        this.lastFailure = performance.now();
        reject(error);
      });
    });
    return this.starting;
  }

  stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  /** What a call is told that comes when the app is stopping, or has stopped. */
  refusal(): PotterError {
    const message =
      this.draining === undefined
        ? "the app was stopped; make a new one"
        : "the app is stopping and takes no new calls";
    return markLogged(new PotterError("unavailable", message));
  }

  private async attempt(): Promise<Running> {
    if (this.failures > 0) await this.pause();
    if (this.stopping !== undefined) throw this.refusal();
    const running = await this.open();
    if (this.stopping === undefined) this.running = running;
    return running;
  }

  /** The attempts of a busy app must not add to what is wrong with its database. */
  private pause(): Promise<void> {
    const pause = Math.min(firstPause * 2 ** (this.failures - 1), longestPause);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.lastFailure + pause - performance.now());
      this.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async end(): Promise<void> {
    this.draining = this.running;
    this.running = undefined;
    this.endPause();
    const { starting } = this;
    if (starting === undefined) return;
    const opened = starting.then(
      (running) => {
        this.draining = running;
      },
      () => {},
    );
    const isOver = await within(this.options.timeout, opened);
    if (!isOver) this.giveUp(new PotterError("unavailable", "the app was stopped before it had started"));
    try {
      if (!isOver || this.draining !== undefined) await this.options.close();
    } finally {
      this.draining = undefined;
    }
  }
}
