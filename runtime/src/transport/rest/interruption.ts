import { onAbort } from "../../async/index.js";

/** Waits for the end of a signal or of some milliseconds, with one listener and one timer at a time. */
export class Interruption {
  private readonly forget: () => void;
  private readonly milliseconds: number;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private resolve: ((reason: "aborted" | "silence") => void) | undefined;

  constructor(signal: AbortSignal, milliseconds: number) {
    this.milliseconds = milliseconds;
    this.forget = onAbort(signal, () => this.resolve?.("aborted"));
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
    this.forget();
  }
}
