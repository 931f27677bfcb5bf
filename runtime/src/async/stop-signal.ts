/**
 * Tells work that it must end. Its signal is made when it is first asked for: some platforms make none before the first request, and an app
 * may be created before.
 */
export class StopSignal {
  private controller: AbortController | undefined;
  private isAborted = false;

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.isAborted) this.controller.abort();
    }
    return this.controller.signal;
  }

  abort(): void {
    this.isAborted = true;
    this.controller?.abort();
  }
}
