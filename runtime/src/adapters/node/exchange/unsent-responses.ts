import type { Writable } from "node:stream";

/** The responses that clients have not read yet. Limits their total size. */
export class UnsentResponses {
  private readonly maxSize: number;
  private readonly disconnect: (outgoing: Writable, reason: string) => void;
  /** Sizes in bytes. The response whose client has read nothing for longest comes first. */
  private readonly waiting: Map<Writable, number> = new Map();
  private total = 0;

  /** `maxSize`: in bytes. */
  constructor(maxSize: number, disconnect: (outgoing: Writable, reason: string) => void) {
    this.maxSize = maxSize;
    this.disconnect = disconnect;
  }

  /** Adds a response. Adding it again means that its client has read some of it. */
  add(outgoing: Writable, bytes: number): void {
    this.remove(outgoing);
    this.waiting.set(outgoing, bytes);
    this.total += bytes;
    for (const [longest] of this.waiting) {
      // A single response may exceed the limit.
      if (this.total <= this.maxSize || longest === outgoing) return;
      this.remove(longest);
      this.disconnect(longest, "it reads nothing, and other responses need the memory");
    }
  }

  remove(outgoing: Writable): void {
    const bytes = this.waiting.get(outgoing);
    if (bytes === undefined) return;
    this.waiting.delete(outgoing);
    this.total -= bytes;
  }
}
