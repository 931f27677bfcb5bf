import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { isPotterError, PotterError } from "../../../errors/index.js";
import type { EventStore, RecordedEvent } from "../../../event-store/index.js";
import type { Command } from "../command.js";
import { fromEventLine, LineError } from "../event-line.js";
import { openInput } from "../input.js";
import { type Line, readLines } from "../lines.js";
import { Progress } from "../progress.js";
import type { Terminal } from "../terminal.js";
import { printCount } from "../time.js";
import { Interrupted } from "../usage-error.js";

/** Events and bytes of one transaction, at most. */
const batchSize = 500;
const batchBytes = 4 << 20;

export const eventsImport: Command = {
  name: "events import",
  summary: "Takes in events of an export. Their ids, versions and times stay; what is there already is passed over.",
  operands: "<file>",
  arity: [1, 1],
  options: {
    "dry-run": { help: "only check the file" },
  },
  examples: ["potter events import events.ndjson.gz", "ssh old potter events export | potter events import -"],
  async run({ options, terminal, target }) {
    const path = options.operands[0] ?? "-";
    const opened = await target();
    // All of it before the first event is stored, where it can be read twice.
    if (path !== "-" || options.has("dry-run")) {
      const count = await checkAll(terminal, path);
      if (options.has("dry-run")) return terminal.write(`${printCount(count)} events, nothing wrong with their form\n`);
    }
    await opened.migrate();
    await importAll(terminal, path, opened.rawStore.events);
  },
};

async function checkAll(terminal: Terminal, path: string): Promise<number> {
  const { progress, source } = await openWithProgress(terminal, path, "checked");
  let done = 0;
  for await (const line of source) {
    if (terminal.signal.aborted) throw new Interrupted("stopped, nothing was imported");
    toEvent(line);
    progress.update(++done);
  }
  progress.clear();
  return done;
}

async function importAll(terminal: Terminal, path: string, events: EventStore): Promise<void> {
  const { progress, source } = await openWithProgress(terminal, path, "imported");
  let batch: { readonly event: RecordedEvent; readonly line: number }[] = [];
  let bytes = 0;
  let done = 0;
  let added = 0;
  const flush = async () => {
    added += await importBatch(events, batch);
    done += batch.length;
    batch = [];
    bytes = 0;
    progress.update(done);
  };
  for await (const line of source) {
    if (terminal.signal.aborted) {
      progress.clear();
      throw new Interrupted(`stopped after ${printCount(done)} events: import the same file again to go on`);
    }
    const event = toEvent(line);
    batch.push({ event, line: line.number });
    bytes += event.bytes?.length ?? 0;
    if (batch.length >= batchSize || bytes >= batchBytes) await flush();
  }
  if (batch.length > 0) await flush();
  progress.end(`imported ${progress.rate(added)}; ${printCount(done - added)} were there already`);
}

async function importBatch(
  events: EventStore,
  batch: readonly { readonly event: RecordedEvent; readonly line: number }[],
): Promise<number> {
  try {
    return await events.importEvents(batch.map(({ event }) => event));
  } catch (error) {
    if (!isPotterError(error) || error.code === "unavailable") throw error;
    const lines = `lines ${batch[0]?.line} to ${batch.at(-1)?.line}`;
    const message = `${lines} were refused, none of them is stored; those before are: ${error.message}`;
    throw new PotterError(error.code, message, { cause: error });
  }
}

function toEvent({ number, text }: Line): RecordedEvent {
  try {
    return fromEventLine(text);
  } catch (error) {
    if (!(error instanceof LineError)) throw error;
    throw new PotterError("invalid_argument", `line ${number} is no event: it ${describe(error.message)}`);
  }
}

/** "is not JSON" as it is; "id must be …" with its field. */
function describe(message: string): string {
  return message.startsWith("is ") ? message : `has a field that does not fit, ${message}`;
}

async function openWithProgress(terminal: Terminal, path: string, verb: string) {
  const size = path === "-" ? undefined : await stat(resolve(terminal.folder, path)).then((found) => found.size, () => undefined); // biome-ignore format: one line
  const bar = new Progress(terminal, { verb, ...(size !== undefined && { to: size }) });
  let place = 0;
  const pieces = openInput(terminal, path, (bytes) => {
    place = bytes;
  });
  return {
    source: readLines(pieces),
    progress: {
      update: (done: number) => bar.update(done, place),
      clear: () => bar.clear(),
      end: (summary: string) => bar.end(summary),
      rate: (done: number) => bar.rate(done),
    },
  };
}
