import { printCount, printSpan } from "./format.js";
import type { Terminal } from "./terminal.js";

export interface ProgressOptions {
  /** Past participle of the work: `exported`. */
  readonly verb: string;
  /** Positions at which the work starts and ends. Without `to`, no percentage is printed. */
  readonly from?: number;
  readonly to?: number;
  readonly now?: () => number;
}

/** How often a terminal line is repainted, and how often a log receives a line, in milliseconds. */
const repaintInterval = 100;
const logInterval = 5000;
const barWidth = 24;

/** Prints the progress of a long command: on a terminal one line that is repainted, in a log a line every few seconds. */
export class Progress {
  private readonly terminal: Terminal;
  private readonly options: ProgressOptions;
  private readonly now: () => number;
  private readonly start: number;
  private last: number;
  private painted = false;

  constructor(terminal: Terminal, options: ProgressOptions) {
    this.terminal = terminal;
    this.options = options;
    this.now = options.now ?? (() => performance.now());
    this.start = this.now();
    // A terminal shows the first line immediately; a log receives one only when the work takes longer.
    this.last = terminal.interactive ? Number.NEGATIVE_INFINITY : this.start;
  }

  /** Reports the number of finished items and the current position between `from` and `to`. */
  update(done: number, position: number): void {
    const now = this.now();
    if (now - this.last < (this.terminal.interactive ? repaintInterval : logInterval)) return;
    this.last = now;
    const text = this.describe(done, position, now - this.start);
    if (this.terminal.interactive) {
      this.terminal.log(`\r\x1b[2K${text.slice(0, Math.max(20, this.terminal.columns - 1))}`);
      this.painted = true;
    } else {
      this.terminal.log(`${text}\n`);
    }
  }

  /** Replaces the progress line by a summary. */
  end(summary: string): void {
    this.clear();
    this.terminal.log(`${summary}\n`);
  }

  /** Removes the progress line, so that other output can be written. */
  clear(): void {
    if (this.painted) this.terminal.log("\r\x1b[2K");
    this.painted = false;
    if (this.terminal.interactive) this.last = Number.NEGATIVE_INFINITY;
  }

  /** Formats count, duration and rate for a summary: `12,345 in 3 s (4,115/s)`. */
  rate(done: number): string {
    const elapsed = this.now() - this.start;
    return `${printCount(done)} in ${printSpan(elapsed)} (${printCount((done * 1000) / Math.max(1, elapsed))}/s)`;
  }

  private describe(done: number, position: number, elapsed: number): string {
    const { verb, from = 0, to } = this.options;
    const rate = `${printCount((done * 1000) / Math.max(1, elapsed))}/s`;
    if (to === undefined) return `${verb} ${printCount(done)}  ${rate}`;
    const part = to <= from ? 1 : Math.min(1, Math.max(0, (position - from) / (to - from)));
    const left = part > 0 && part < 1 && elapsed > 500 ? `  ${printSpan((elapsed / part) * (1 - part))} left` : "";
    const full = Math.round(part * barWidth);
    const bar = this.terminal.interactive ? `[${"#".repeat(full)}${"-".repeat(barWidth - full)}] ` : "";
    return `${bar}${Math.floor(part * 100)}%  ${verb} ${printCount(done)}  ${rate}${left}`;
  }
}
