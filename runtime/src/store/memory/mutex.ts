/** Runs work one after the other, in the order it was asked for. */
export class Mutex {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  /** Whether work is under way or waits. */
  get busy(): boolean {
    return this.waiting > 0;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    this.waiting++;
    const result = this.last.then(work);
    const done = () => {
      this.waiting--;
    };
    // What failed concerns its caller only; the next one runs all the same.
    this.last = result.then(done, done);
    return result;
  }
}
