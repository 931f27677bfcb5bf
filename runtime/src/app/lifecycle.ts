import { markLogged } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import { within } from "./settles-within.js";

/** The pause after a failed start, in milliseconds: doubles with each failure, up to `longestPause`. */
const firstPause = 50;
const longestPause = 2_000;

/** How an app stops. */
export interface StopOptions {
  /** How long `stop` waits for a pending start, in milliseconds. */
  readonly timeout: number;
  /** Whether something was opened before the start. */
  isOpen(): boolean;
  /** Closes what was opened. Called once, and not after a start that failed, unless something is open. */
  close(): Promise<void>;
}

/**
 * Starts on demand: once, or again after a failure. Concurrent callers share one attempt. Stops once, after a pending start
 * has ended.
 */
export class Lifecycle<Running> {
  /** Set while the app accepts calls, so that a call needs no promise to reach it. */
  running: Running | undefined;
  /** Set while the app stops, for the calls made by running calls. */
  draining: Running | undefined;
  /** How many callers wait for the start, and receive its error. */
  callers = 0;
  private readonly open: () => Promise<Running>;
  private readonly options: StopOptions;
  private starting: Promise<Running> | undefined;
  private stopping: Promise<void> | undefined;
  private rejectStart: (error: unknown) => void = () => {};
  private endPause: () => void = () => {};
  private failures = 0;
  private lastFailure = 0;

  /** `open` must close what it has opened before it rejects, since it is called again. */
  constructor(open: () => Promise<Running>, options: StopOptions) {
    this.open = open;
    this.options = options;
  }

  /** Whether it has started, or is about to. */
  get isStarted(): boolean {
    return this.starting !== undefined;
  }

  get isStopping(): boolean {
    return this.stopping !== undefined;
  }

  start(): Promise<Running> {
    if (this.stopping !== undefined) return Promise.reject(this.refusal());
    this.starting ??= new Promise((resolve, reject) => {
      this.rejectStart = reject;
      this.attempt().then(resolve, (error: unknown) => {
        this.starting = undefined;
        this.failures++;
        this.lastFailure = performance.now();
        reject(error);
      });
    });
    return this.starting;
  }

  /** Starts for a caller who receives the error of a failed start, so that it need not be logged. */
  async startForCaller(): Promise<void> {
    this.callers++;
    try {
      await this.start();
    } finally {
      this.callers--;
    }
  }

  stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  /** The error of a call that arrives when the app is stopping or has stopped. */
  refusal(): PotterError {
    const message =
      this.draining === undefined
        ? "the app was stopped; create a new one"
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

  /** Limits the attempts of a busy app, which would overload a database that is in trouble. */
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
    if (starting === undefined) {
      if (this.options.isOpen()) await this.options.close();
      return;
    }
    const opened = starting.then(
      (running) => {
        this.draining = running;
      },
      () => {},
    );
    const isOver = await within(this.options.timeout, opened);
    if (!isOver) this.rejectStart(new PotterError("unavailable", "the app was stopped before it had started"));
    try {
      if (!isOver || this.draining !== undefined) await this.options.close();
    } finally {
      this.draining = undefined;
    }
  }
}
