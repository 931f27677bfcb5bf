import type { Terminal } from "./terminal.js";
import { printCount, printSpan } from "./time.js";

export interface ProgressOptions {
  /** What is being done: `exported`. */
  readonly verb: string;
  /** Where it began and where it will end; absent: nobody knows. */
  readonly from?: number;
  readonly to?: number;
  readonly now?: () => number;
}

/** How often the line of a terminal changes, and how often a log gets one, in milliseconds. */
const repaint = 100;
const logEvery = 5000;
const barWidth = 24;

/** Says how far a long command has come: on a terminal one line that changes, in a log a line every few seconds. */
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
    // The first line of a terminal at once; a log is told only of what takes longer.
    this.last = terminal.interactive ? Number.NEGATIVE_INFINITY : this.start;
  }

  /** So many are done, and the work has come to this place between `from` and `to`. */
  update(done: number, place: number): void {
    const now = this.now();
    if (now - this.last < (this.terminal.interactive ? repaint : logEvery)) return;
    this.last = now;
    const text = this.describe(done, place, now - this.start);
    if (this.terminal.interactive) {
      this.terminal.tell(`\r\x1b[2K${text.slice(0, Math.max(20, this.terminal.columns - 1))}`);
      this.painted = true;
    } else {
      this.terminal.tell(`${text}\n`);
    }
  }

  /** Takes the line away and says what came of it. */
  end(summary: string): void {
    this.clear();
    this.terminal.tell(`${summary}\n`);
  }

  /** Takes the line away, so that something else can be written. */
  clear(): void {
    if (this.painted) this.terminal.tell("\r\x1b[2K");
    this.painted = false;
    if (this.terminal.interactive) this.last = Number.NEGATIVE_INFINITY;
  }

  /** `12,345 in 3 s (4,115/s)`: for a summary. */
  rate(done: number): string {
    const elapsed = this.now() - this.start;
    return `${printCount(done)} in ${printSpan(elapsed)} (${printCount((done * 1000) / Math.max(1, elapsed))}/s)`;
  }

  private describe(done: number, place: number, elapsed: number): string {
    const { verb, from = 0, to } = this.options;
    const rate = `${printCount((done * 1000) / Math.max(1, elapsed))}/s`;
    if (to === undefined) return `${verb} ${printCount(done)}  ${rate}`;
    const part = to <= from ? 1 : Math.min(1, Math.max(0, (place - from) / (to - from)));
    const left = part > 0 && part < 1 && elapsed > 500 ? `  ${printSpan((elapsed / part) * (1 - part))} left` : "";
    const full = Math.round(part * barWidth);
    const bar = this.terminal.interactive ? `[${"#".repeat(full)}${"-".repeat(barWidth - full)}] ` : "";
    return `${bar}${Math.floor(part * 100)}%  ${verb} ${printCount(done)}  ${rate}${left}`;
  }
}
