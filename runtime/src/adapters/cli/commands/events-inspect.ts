import { PotterError } from "../../../errors/index.js";
import type { EventStore, RecordedEvent } from "../../../store/ports/index.js";
import type { Command, Invocation } from "../command.js";
import { printEvent, readStreamName, showContent, toEventLine } from "../events/index.js";
import { UsageError } from "../usage-error.js";

/** Events per read. */
const page = 100;

export const eventsInspect: Command = {
  name: "events inspect",
  summary: "Shows all details of the events of a stream, or of the event at a position.",
  operands: "[tenant:type/id]",
  arity: [0, 1],
  options: {
    position: { value: "position", help: "show the event at this position instead of a stream" },
    tenant: { value: "tenant", help: "tenant of the stream, unless its name includes it; default: none" },
    after: { value: "version", help: "only later versions of the stream" },
    limit: { value: "count", help: "maximum number of events; default: all" },
    json: { help: "print lines of JSON, as in an export" },
  },
  examples: [
    "potter events inspect order/4711",
    "potter events inspect north:order/4711",
    "potter events inspect --position 12",
  ],
  async run(invocation) {
    const { options, terminal, target } = invocation;
    const read = toReader(invocation);
    const opened = await target();
    const { events } = await opened.connect();
    let found = 0;
    for await (const event of read(events)) {
      if (terminal.signal.aborted) return;
      const content = await showContent(opened, event);
      const text = options.has("json") ? `${toEventLine(event, content.json)}\n` : `${found > 0 ? "\n" : ""}${printEvent(event, content)}`; // biome-ignore format: one line
      await terminal.write(text);
      found++;
    }
    if (found > 0) return;
    const tenant = options.has("tenant") ? ` of tenant ${options.text("tenant")}` : "";
    const message = options.has("position")
      ? `no event at position ${options.text("position")}`
      : `no event in stream ${options.operands[0]}${tenant}: run potter streams list to see all streams`;
    throw new PotterError("not_found", message);
  },
};

function toReader({ options }: Invocation): (events: EventStore) => AsyncIterable<RecordedEvent> {
  const position = options.count("position", 1);
  const limit = options.count("limit", 1) ?? Number.POSITIVE_INFINITY;
  const after = options.count("after", 0) ?? 0;
  const [name] = options.operands;
  if ((name === undefined) === (position === undefined))
    throw new UsageError("expected either a stream, such as order/4711, or --position <position>");
  if (name === undefined) return (events) => readPosition(events, position ?? 0);
  const { tenant = "", ...named } = readStreamName(name, options.text("tenant"));
  const stream = { tenant, ...named };
  return (events) => readStream(events, stream, after, limit);
}

async function* readPosition(events: EventStore, position: number): AsyncGenerator<RecordedEvent> {
  const slice = await events.readAll(position - 1, 1);
  for (const event of slice.events) if (event.position === position) yield event;
}

async function* readStream(
  events: EventStore,
  stream: RecordedEvent["stream"],
  from: number,
  limit: number,
): AsyncGenerator<RecordedEvent> {
  let left = limit;
  for (let after = from; left > 0; ) {
    const found = await events.readStream(stream, { after, limit: Math.min(page, left) });
    yield* found;
    const last = found.at(-1);
    if (last === undefined) return;
    after = last.version;
    left -= found.length;
  }
}
