import type { StreamId, StreamInfo } from "../../../store/ports/index.js";
import type { Command } from "../command.js";
import { nameStream } from "../events/index.js";
import { printable, printCountOf, printTable } from "../terminal/index.js";

/** Streams per read. */
const page = 500;

export const streamsList: Command = {
  name: "streams list",
  summary: "Lists streams, ordered by tenant, type and id.",
  options: {
    type: { value: "type", help: "only streams of this type" },
    tenant: { value: "tenant", help: "only streams of this tenant" },
    limit: { value: "count", help: "maximum number of streams; default: 100" },
    json: { help: "print lines of JSON" },
  },
  async run({ options, terminal, target }) {
    const limit = options.count("limit", 1) ?? 100;
    const type = options.text("type");
    const tenant = options.text("tenant");
    const { events } = await (await target()).connect();
    const rows: StreamInfo[] = [];
    let after: StreamId | undefined;
    let left = limit;
    for (; left > 0 && !terminal.signal.aborted; ) {
      const found = await events.listStreams({
        limit: Math.min(page, left),
        ...(type !== undefined && { type }),
        ...(tenant !== undefined && { tenant }),
        ...(after && { after }),
      });
      if (options.has("json")) for (const stream of found) await terminal.write(`${JSON.stringify(stream)}\n`);
      else rows.push(...found);
      left -= found.length;
      after = found.at(-1)?.stream;
      if (after === undefined) break;
    }
    if (options.has("json")) return;
    await terminal.write(
      printTable(
        ["STREAM", "VERSION", "STATE"],
        rows.map((info) => [printable(nameStream(info)), info.version, describeState(info)]),
      ),
    );
    if (left === 0) terminal.log(`printed the first ${printCountOf(limit, "stream")}: use --limit for more\n`);
  },
};

function describeState({ closed, archivedVersion }: StreamInfo): string {
  return [closed ? "closed" : "open", ...(archivedVersion > 0 ? [`archived to ${archivedVersion}`] : [])].join(", ");
}
