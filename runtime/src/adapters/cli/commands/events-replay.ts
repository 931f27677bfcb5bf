import { resolve } from "node:path";
import { PotterError } from "../../../errors/index.js";
import type { RecordedEvent } from "../../../store/ports/index.js";
import type { Command } from "../command.js";
import { readEvents, selectionOptions, toSelection, warnOfUnreadEvents } from "../events/index.js";
import { suggestion } from "../suggestion.js";
import { load, type Target } from "../target.js";
import { Progress, printCountOf } from "../terminal/index.js";
import { Interrupted, UsageError } from "../usage-error.js";

/** An event as the user's function receives it. */
export interface ReplayedEvent extends RecordedEvent {
  /** The decoded event in its current version. undefined: the app has no such event. */
  readonly message: unknown;
}

type Handler = (event: ReplayedEvent) => unknown;

export const eventsReplay: Command = {
  name: "events replay",
  summary: "Calls your function with recorded events, in order.",
  options: {
    ...selectionOptions,
    with: { value: "module#function", help: "function to call with each event; its promise is awaited" },
    "dry-run": { help: "only count the events" },
  },
  examples: ["potter events replay --with ./dist/search-index.js#index --type order.placed --since 7d"],
  async run({ options, terminal, target }) {
    const selection = toSelection(options, Date.now());
    const dry = options.has("dry-run");
    const handler = dry ? undefined : await findHandler(options.text("with"), terminal.folder);
    const opened = await target();
    const { events } = await opened.connect();
    const highWaterMark = await events.head();
    const head = Math.min(highWaterMark, selection.to);
    await warnOfUnreadEvents(terminal, events, { head: highWaterMark, to: selection.to });
    const start = Math.max(0, selection.from - 1);
    const progress = new Progress(terminal, { verb: dry ? "counted" : "replayed", from: start, to: head });
    let done = 0;
    for await (const batch of readEvents(events, selection, head, terminal.signal)) {
      for (const event of batch.events) {
        if (terminal.signal.aborted) break;
        if (handler !== undefined) await handle(handler, opened, event);
        done++;
        progress.update(done, event.position);
      }
      progress.update(done, batch.position);
    }
    if (terminal.signal.aborted) {
      progress.clear();
      throw new Interrupted(`stopped after ${printCountOf(done, "event")}`);
    }
    progress.end(dry ? `${printCountOf(done, "event")}` : `replayed ${progress.rate(done)}`);
  },
};

async function handle(handler: Handler, { app }: Target, event: RecordedEvent): Promise<void> {
  try {
    await handler({ ...event, message: app?.decodeEvent(event)?.message });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PotterError(
      "aborted",
      `the function failed at position ${event.position}: ${reason}; continue with --from ${event.position}`,
      { cause: error },
    );
  }
}

async function findHandler(named: string | undefined, folder: string): Promise<Handler> {
  if (named === undefined) throw new UsageError("missing function: use --with <module>#<function>, or --dry-run");
  const [path = "", name = "default"] = named.split("#");
  const exported = await load(resolve(folder, path));
  const found = exported[name];
  if (typeof found === "function") return found as Handler;
  const functions = Object.keys(exported).filter((key) => typeof exported[key] === "function");
  throw new UsageError(`${path} does not export a function ${name}${suggestion(name, functions)}`);
}
