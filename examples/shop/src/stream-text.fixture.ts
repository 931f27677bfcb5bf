/** The received text of a streamed response, read as far as a test needs it. */
export class StreamText {
  /** All text that was read. */
  text = "";
  private readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  private readonly decoder = new TextDecoder();

  constructor({ body, status }: Response) {
    if (body === null) throw new Error(`the answer ${status} has no body to read`);
    this.reader = body.getReader();
  }

  /** Reads until the text contains a part or satisfies a condition. Fails if the stream ends before that. */
  async until(condition: string | ((text: string) => boolean)): Promise<string> {
    const holds = typeof condition === "string" ? (text: string) => text.includes(condition) : condition;
    while (!holds(this.text)) {
      const { done, value } = await this.reader.read();
      if (done)
        throw new Error(`the stream ended before ${String(condition)} was read; it had delivered: ${this.text}`);
      this.text += this.decoder.decode(value, { stream: true });
    }
    return this.text;
  }

  cancel(): Promise<void> {
    return this.reader.cancel();
  }
}
