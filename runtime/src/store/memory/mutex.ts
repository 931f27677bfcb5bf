/** Runs work one after the other, in the order of the calls. */
export class Mutex {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  /** Whether work runs or waits. */
  get busy(): boolean {
    return this.waiting > 0;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    this.waiting++;
    const result = this.last.then(work);
    const done = () => {
      this.waiting--;
    };
    // A failure concerns its caller only: the next one runs anyway.
    this.last = result.then(done, done);
    return result;
  }
}
