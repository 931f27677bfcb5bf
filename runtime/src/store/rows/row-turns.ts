/** Lets those who have lost a race for a row take turns within a process: of many that change one row, only one at a time can succeed. */
export class RowTurns {
  private readonly last = new Map<string, Promise<void>>();

  /** Whether somebody has the turn at one of these rows, or waits for it. */
  isContended(rows: readonly string[]): boolean {
    return this.last.size > 0 && rows.some((row) => this.last.has(row));
  }

  /** Waits for those before it at any of the rows. Returns the function that ends the turn. */
  async take(rows: readonly string[]): Promise<() => void> {
    let end: () => void = () => {};
    const turn = new Promise<void>((resolve) => {
      end = resolve;
    });
    // All at once: two never wait for each other.
    const before = rows.map((row) => this.last.get(row));
    for (const row of rows) this.last.set(row, turn);
    await Promise.all(before);
    return () => {
      for (const row of rows) if (this.last.get(row) === turn) this.last.delete(row);
      end();
    };
  }
}
