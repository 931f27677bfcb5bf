/**
 * Signals work to stop. Creates its AbortSignal when it is first read: some platforms cannot create one before the first
 * request, but an app can be created before that.
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
