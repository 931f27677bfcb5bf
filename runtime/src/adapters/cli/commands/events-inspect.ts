import { PotterError } from "../../../errors/index.js";
import type { EventStore, RecordedEvent } from "../../../event-store/index.js";
import type { Command, Invocation } from "../command.js";
import { toEventLine } from "../event-line.js";
import { printEvent, showContent } from "../event-view.js";
import { readStreamName } from "../selection.js";
import { UsageError } from "../usage-error.js";

/** Events that are read at a time. */
const page = 100;

export const eventsInspect: Command = {
  name: "events inspect",
  summary: "Shows the events of one stream, or the one at a position, with all that is known of them.",
  operands: "[tenant:type/id]",
  arity: [0, 1],
  options: {
    position: { value: "position", help: "the event at this position, instead of a stream" },
    tenant: { value: "tenant", help: "of which the stream is, if its name does not say it; default: none" },
    after: { value: "version", help: "only later versions of the stream" },
    limit: { value: "count", help: "most events; default: all" },
    json: { help: "as lines of JSON, like an export" },
  },
  examples: [
    "potter events inspect order/4711",
    "potter events inspect north:order/4711",
    "potter events inspect --position 12",
  ],
  async run(invocation) {
    const { options, terminal, target } = invocation;
    const choose = toChoice(invocation);
    const opened = await target();
    const { events } = await opened.connect();
    let found = 0;
    for await (const event of choose(events)) {
      if (terminal.signal.aborted) return;
      const content = await showContent(opened, event);
      const text = options.has("json") ? `${toEventLine(event, content.json)}\n` : `${found > 0 ? "\n" : ""}${printEvent(event, content)}`; // biome-ignore format: one line
      await terminal.write(text);
      found++;
    }
    if (found > 0) return;
    const tenant = options.has("tenant") ? ` of tenant ${options.text("tenant")}` : "";
    const what = options.has("position")
      ? `no event at position ${options.text("position")}`
      : `no event in ${options.operands[0]}${tenant}: potter streams list names the streams that there are`;
    throw new PotterError("not_found", `there is ${what}`);
  },
};

function toChoice({ options }: Invocation): (events: EventStore) => AsyncIterable<RecordedEvent> {
  const position = options.count("position", 1);
  const limit = options.count("limit", 1) ?? Number.POSITIVE_INFINITY;
  const after = options.count("after", 0) ?? 0;
  const [name] = options.operands;
  if ((name === undefined) === (position === undefined))
    throw new UsageError("name a stream, such as order/4711, or give --position");
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
