/** Waits for the end of a signal or of some milliseconds, with one listener and one timer at a time. */
export class Interruption {
  private readonly signal: AbortSignal;
  private readonly milliseconds: number;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private resolve: ((reason: "aborted" | "silence") => void) | undefined;
  private readonly abort = (): void => this.resolve?.("aborted");

  constructor(signal: AbortSignal, milliseconds: number) {
    this.signal = signal;
    this.milliseconds = milliseconds;
    signal.addEventListener("abort", this.abort);
  }

  wait(): Promise<"aborted" | "silence"> {
    clearTimeout(this.timer);
    return new Promise((resolve) => {
      this.resolve = resolve;
      this.timer = setTimeout(resolve, this.milliseconds, "silence");
    });
  }

  end(): void {
    clearTimeout(this.timer);
    this.signal.removeEventListener("abort", this.abort);
  }
}
