import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { isPotterError, PotterError } from "../../../errors/index.js";
import type { EventStore, RecordedEvent } from "../../../store/ports/index.js";
import type { Command } from "../command.js";
import { fromEventLine, LineError } from "../events/index.js";
import type { Terminal } from "../terminal/index.js";
import { type Line, openInput, Progress, printCount, printCountOf, readLines } from "../terminal/index.js";
import { Interrupted } from "../usage-error.js";

/** Maximum events and payload bytes of one transaction. */
const batchSize = 500;
const batchBytes = 4 << 20;

export const eventsImport: Command = {
  name: "events import",
  summary: "Imports the events of an export. Ids, versions and times are kept; events that already exist are skipped.",
  operands: "<file>",
  arity: [1, 1],
  options: {
    "dry-run": { help: "check the file without importing it" },
  },
  examples: ["potter events import events.ndjson.gz", "ssh old potter events export | potter events import -"],
  async run({ options, terminal, target }) {
    const path = options.operands[0] ?? "-";
    const opened = await target();
    // A file can be read twice, so it is checked completely before the first event is stored.
    if (path !== "-" || options.has("dry-run")) {
      const count = await checkAll(terminal, path);
      if (options.has("dry-run")) return terminal.write(`${printCountOf(count, "event")}, all valid\n`);
    }
    await opened.migrate();
    await importAll(terminal, path, opened.rawStore.events);
  },
};

async function checkAll(terminal: Terminal, path: string): Promise<number> {
  const { progress, source } = await openWithProgress(terminal, path, "checked");
  let done = 0;
  for await (const line of source) {
    if (terminal.signal.aborted) throw new Interrupted("stopped: no event was imported");
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
      throw new Interrupted(`stopped after ${printCountOf(done, "event")}: import the same file again to continue`);
    }
    const event = toEvent(line);
    batch.push({ event, line: line.number });
    bytes += event.bytes?.length ?? 0;
    if (batch.length >= batchSize || bytes >= batchBytes) await flush();
  }
  if (batch.length > 0) await flush();
  progress.end(`imported ${progress.rate(added)}; ${printCount(done - added)} already existed`);
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
    const message = `${lines} were rejected and not stored; earlier lines are stored: ${error.message}`;
    throw new PotterError(error.code, message, { cause: error });
  }
}

function toEvent({ number, text }: Line): RecordedEvent {
  try {
    return fromEventLine(text);
  } catch (error) {
    if (!(error instanceof LineError)) throw error;
    throw new PotterError("invalid_argument", `line ${number} is not an event: ${error.message}`);
  }
}

async function openWithProgress(terminal: Terminal, path: string, verb: string) {
  const size = path === "-" ? undefined : await stat(resolve(terminal.folder, path)).then((found) => found.size, () => undefined); // biome-ignore format: one line
  const bar = new Progress(terminal, { verb, ...(size !== undefined && { to: size }) });
  let position = 0;
  const chunks = openInput(terminal, path, (bytes) => {
    position = bytes;
  });
  return {
    source: readLines(chunks),
    progress: {
      update: (done: number) => bar.update(done, position),
      clear: () => bar.clear(),
      end: (summary: string) => bar.end(summary),
      rate: (done: number) => bar.rate(done),
    },
  };
}
