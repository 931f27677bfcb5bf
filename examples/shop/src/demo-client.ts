// The client of the demo: calls the shop from outside and prints the responses.

/** Calls the shop over REST. Prints the response, and throws if it is not a success. */
export async function call(url: string, method: string, path: string, body?: unknown): Promise<{ orderId: string }> {
  const response = await fetch(`${url}${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  return print(`${method} ${path}`, response, await response.json()) as { orderId: string };
}

/** A query or mutation of GraphQL. */
export async function ask(url: string, query: string): Promise<void> {
  const response = await fetch(`${url}/graphql`, post(query, "application/graphql-response+json"));
  print(`POST /graphql ${query}`, response, await response.json());
}

/** A subscription of GraphQL, as server-sent events. */
export interface Followed {
  /** Waits for the first events, and ends the subscription. */
  first(count: number): Promise<readonly string[]>;
  /** Waits for an event that contains the pattern, and ends the subscription. */
  until(pattern: RegExp): Promise<readonly string[]>;
}

/** Subscribes. Resolves when the subscription is open. */
export async function follow(url: string, query: string): Promise<Followed> {
  const response = await fetch(`${url}/graphql`, post(query, "text/event-stream"));
  if (!response.ok || response.body === null) throw new Error(`the subscription was answered with ${response.status}`);
  // The reader locks the body at once: fetch cancels a body that nobody reads when its response is garbage collected.
  const events = read(response.body.getReader());
  const collect = async (isLast: (event: string, count: number) => boolean): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const event of events) {
      if (isLast(event, found.push(event))) return found;
    }
    throw new Error(`the subscription ended too early, after ${found.length} events`);
  };
  return {
    first: (count) => collect((_, received) => received === count),
    until: (pattern) => collect((event) => pattern.test(event)),
  };
}

/** The data of each event. Each is one line. */
async function* read(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  const decoder = new TextDecoder();
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      const lines = (rest + decoder.decode(chunk.value, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line.startsWith("data: {")) yield line.slice("data: ".length);
      }
    }
  } finally {
    await reader.cancel();
  }
}

function post(query: string, accept: string): RequestInit {
  return { method: "POST", headers: { "content-type": "application/json", accept }, body: JSON.stringify({ query }) };
}

function print(request: string, response: Response, json: unknown): unknown {
  console.log(`\n${request} → ${response.status}\n${JSON.stringify(json, undefined, 2)}`);
  if (!response.ok) throw new Error(`${request} was answered with ${response.status}`);
  return json;
}
