import type { RecordedEvent } from "../../../store/ports/index.js";
import type { Command } from "../command.js";
import {
  readEvents,
  selectionOptions,
  showContent,
  toEventLine,
  toSelection,
  warnOfUnreadEvents,
} from "../events/index.js";
import type { Target } from "../target.js";
import { openOutput, Progress, printCountOf } from "../terminal/index.js";
import { Interrupted, UsageError } from "../usage-error.js";

export const eventsExport: Command = {
  name: "events export",
  summary: "Writes events to a file or standard output, one line of JSON per event.",
  operands: "[file]",
  arity: [0, 1],
  options: {
    ...selectionOptions,
    json: { help: "also include the payload as ProtoJSON, with personal data in clear text" },
    append: { help: "append to an existing file" },
    overwrite: { help: "replace an existing file" },
  },
  examples: [
    "potter events export events.ndjson.gz",
    "potter events export --type order.placed --since 7d --json | jq .json",
  ],
  async run({ options, terminal, target }) {
    if (options.has("append") && options.has("overwrite"))
      throw new UsageError("--append and --overwrite exclude each other");
    const selection = toSelection(options, Date.now());
    const opened = await target();
    const store = await opened.connect();
    const highWaterMark = await store.events.head();
    const head = Math.min(highWaterMark, selection.to);
    await warnOfUnreadEvents(terminal, store.events, { head: highWaterMark, to: selection.to });
    const existing = options.has("append") ? "append" : options.has("overwrite") ? "overwrite" : "refuse";
    const output = openOutput(terminal, options.operands[0], existing);
    const progress = new Progress(terminal, { verb: "exported", from: Math.max(0, selection.from - 1), to: head });
    let done = 0;
    let position = Math.max(0, selection.from - 1);
    const { signal } = terminal;
    for await (const batch of readEvents(opened.rawStore.events, selection, head, signal)) {
      const shown = options.has("json") ? await readable(opened, batch.events) : undefined;
      const lines = [];
      for (const event of batch.events) {
        const readable = shown?.get(event.id);
        lines.push(`${toEventLine(event, readable && (await showContent(opened, readable)).json)}\n`);
      }
      if (lines.length > 0) await output.write(lines.join(""));
      done += batch.events.length;
      position = batch.position;
      progress.update(done, position);
    }
    await output.close();
    if (signal.aborted) {
      progress.clear();
      throw new Interrupted(
        `stopped after ${printCountOf(done, "event")}: continue with --from ${position + 1} --append`,
      );
    }
    progress.end(`exported ${progress.rate(done)}, up to position ${head}`);
  },
};

/** The same events with decrypted personal fields, except those of erased data subjects. */
async function readable(
  { store, rawStore }: Target,
  events: readonly RecordedEvent[],
): Promise<ReadonlyMap<string, RecordedEvent>> {
  const byId = new Map(events.map((event) => [event.id, event]));
  if (store === rawStore) return byId;
  const [first] = events;
  const last = events.at(-1);
  for (let after = (first?.position ?? 0) - 1; last !== undefined && after < last.position; ) {
    const slice = await store.events.readAll(after, events.length);
    if (slice.position === after) break;
    after = slice.position;
    for (const event of slice.events) if (byId.has(event.id)) byId.set(event.id, event);
  }
  return byId;
}
