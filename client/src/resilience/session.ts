/** The positions that the commands of a session have reached, so that its queries see at least what these have changed. */
export class SessionPositions {
  /** Positions of commands that ran at the same time: none is known to be the highest. */
  #tokens: readonly string[] = [];

  /** What calls send: all positions, or 0 while there is none. */
  get after(): string {
    return this.#tokens.join(", ") || "0";
  }

  /** Takes the position that a call has reached, which replaces those that it sent. */
  reach(position: string, sent: string): void {
    const replaced = sent.split(", ");
    this.#tokens = [...this.#tokens.filter((token) => token !== position && !replaced.includes(token)), position];
  }

  /** Forgets what a server no longer has. */
  clear(): void {
    this.#tokens = [];
  }
}
