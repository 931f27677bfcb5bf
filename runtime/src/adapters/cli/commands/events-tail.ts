import { type SubscriptionRetry, subscribe } from "../../../store/subscriptions/index.js";
import type { Command } from "../command.js";
import { kindOptions, printEventLine, selects, showContent, toEventLine, toFilter, toKind } from "../events/index.js";
import { printable } from "../terminal/index.js";

export const eventsTail: Command = {
  name: "events tail",
  summary: "Prints events as they are recorded, until Ctrl-C.",
  options: {
    ...kindOptions,
    from: { value: "now|position", help: "first position; default: now" },
    json: { help: "print lines of JSON, as in an export" },
  },
  examples: ["potter events tail --stream-type order", "potter events tail --from 1 --json | jq .json"],
  async run({ options, terminal, target }) {
    const now = (options.text("from") ?? "now") === "now";
    const from = now ? undefined : options.count("from", 0);
    const selection = toKind(options);
    const opened = await target();
    const { events } = await opened.connect();
    const after = from === undefined ? await events.head() : Math.max(0, from - 1);
    const filter = toFilter(selection);
    const { signal } = terminal;
    const onRetry = ({ error, attempt }: SubscriptionRetry) => {
      const why = error instanceof Error ? error.message : String(error);
      if (attempt === 1) terminal.log(`cannot read events, retrying: ${printable(why)}\n`);
    };
    for await (const slice of subscribe(events, { after, signal, onRetry, ...(filter && { filter }) })) {
      for (const event of slice.events) {
        if (signal.aborted) return;
        if (!selects(selection, event)) continue;
        const content = await showContent(opened, event);
        const line = options.has("json") ? `${toEventLine(event, content.json)}\n` : printEventLine(event, content, terminal.columns); // biome-ignore format: one line
        await terminal.write(line);
      }
    }
  },
};
