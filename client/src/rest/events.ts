/** A server-sent event. */
export interface ServerSentEvent {
  /** The type. */
  readonly event: string;
  /** The text. Absent: only the id has changed. */
  readonly data: string | undefined;
  /** The id of the last event that had one. */
  readonly id: string | undefined;
  /** After how many milliseconds the server wants to be asked again, if it said so. */
  readonly retry: number | undefined;
}

/** Reads server-sent events (HTML standard, section 9.2.6) from a body. What is not complete at its end is dropped. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent, void, undefined> {
  const decoder = new TextDecoder();
  let text = "";
  let event = "message";
  let data: string[] = [];
  let id: string | undefined;
  let lastId: string | undefined;
  let retry: number | undefined;
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    // A line break may have only begun.
    const end = text.endsWith("\r") ? text.length - 1 : text.length;
    const lines = text.slice(0, end).split(/\r\n|\n|\r/);
    text = `${lines.pop() ?? ""}${text.slice(end)}`;
    for (const line of lines) {
      if (line === "") {
        const isMoved = data.length === 0 && id !== lastId;
        if (data.length > 0 || isMoved) yield { event, data: isMoved ? undefined : data.join("\n"), id, retry };
        lastId = id;
        event = "message";
        data = [];
        continue;
      }
      const [, name, value = ""] = /^([^:]*)(?:: ?([\s\S]*))?$/.exec(line) ?? [];
      if (name === "data") data.push(value);
      else if (name === "event") event = value || "message";
      else if (name === "id" && !value.includes("\0")) id = value;
      else if (name === "retry" && /^\d+$/.test(value)) retry = Number(value);
    }
  }
}
