/** The positions that the commands of a session have reached, so that its queries see at least what these have changed. */
export class SessionPositions {
  /**
   * Positions of commands that ran at the same time: none is known to be the highest. Of more than servers accept, those that were
   * received last: a higher one would have overtaken the answers of all of them.
   */
  #tokens: readonly string[] = [];

  /** What calls send: all positions, or 0 while there is none. */
  get after(): string {
    return this.#tokens.join(", ") || "0";
  }

  /** Takes the position that a call has reached, which replaces those that it sent. */
  reach(position: string, sent: string): void {
    const replaced = [position, ...sent.split(", ")];
    const others = this.#tokens.filter((token) => !replaced.includes(token));
    // Servers accept 100 at most.
    this.#tokens = [...others, position].slice(-100);
  }

  /** Forgets what a server no longer has. */
  clear(): void {
    this.#tokens = [];
  }
}
