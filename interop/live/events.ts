/** The fields of a server-sent event. */
export interface ServerEvent {
  /** `message` where the stream names none. */
  readonly event: string;
  readonly data: string;
}

/** The events of a text of the type text/event-stream, without one that has not ended. */
export function parseEvents(text: string): readonly ServerEvent[] {
  return text
    .split("\n\n")
    .slice(0, -1)
    .map((block) => {
      const fields = block.split("\n").map((line) => /^(\w*): ?(.*)$/.exec(line) ?? []);
      const of = (name: string): string[] => fields.filter((field) => field[1] === name).map((field) => field[2] ?? "");
      return { event: of("event").join("") || "message", data: of("data").join("\n") };
    })
    .filter(({ data }) => data !== "");
}

/** Reads a stream to its end, event by event. */
export async function* readEvents(stream: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true });
    const end = text.lastIndexOf("\n\n") + 2;
    if (end < 2) continue;
    yield* parseEvents(text.slice(0, end));
    text = text.slice(end);
  }
}
