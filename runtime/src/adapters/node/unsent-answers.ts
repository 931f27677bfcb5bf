import type { ServerResponse } from "node:http";

/** The answers that wait for clients to read them. Bounds what they take together. */
export class UnsentAnswers {
  private readonly most: number;
  private readonly cutOff: (outgoing: ServerResponse, why: string) => void;
  /** The one whose client has taken nothing for longest comes first. */
  private readonly waiting: Map<ServerResponse, number> = new Map();
  private total = 0;

  /** `most`: in bytes. */
  constructor(most: number, cutOff: (outgoing: ServerResponse, why: string) => void) {
    this.most = most;
    this.cutOff = cutOff;
  }

  /** An answer waits with so many bytes; of one that is known, its client has taken some of it. */
  note(outgoing: ServerResponse, bytes: number): void {
    this.forget(outgoing);
    this.waiting.set(outgoing, bytes);
    this.total += bytes;
    for (const [longest] of this.waiting) {
      // A single answer may be as large as it is.
      if (this.total <= this.most || longest === outgoing) return;
      this.forget(longest);
      this.cutOff(longest, "it does not read, and others' answers need the memory");
    }
  }

  forget(outgoing: ServerResponse): void {
    const bytes = this.waiting.get(outgoing);
    if (bytes === undefined) return;
    this.waiting.delete(outgoing);
    this.total -= bytes;
  }
}
