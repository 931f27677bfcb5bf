import { PotterError } from "../../../errors/index.js";
import type { ScheduledCommand, ScheduleStatus } from "../../../schedule/index.js";
import type { Command, Invocation } from "../command.js";
import { printable, printCountOf, printTable } from "../terminal/index.js";

/** The most commands of each method that are read to find some of them. */
const mostRead = 100_000;

const tenant = { value: "tenant", help: "the tenant of the commands" };

export const scheduleList: Command = {
  name: "schedule list",
  summary: "Lists commands that are sent later, by method and id. Prints no requests, which may be personal.",
  options: {
    method: { value: "method", help: "only commands of this method, such as CancelOrder" },
    failed: { help: "only those that have failed too often and wait for a person" },
    tenant,
    limit: { value: "count", help: "maximum number of commands; default: 100" },
    json: { help: "print lines of JSON" },
  },
  examples: ["potter schedule list --failed", "potter schedule list --method CancelOrder --json"],
  async run(invocation) {
    const { options, terminal } = invocation;
    const limit = options.count("limit", 1) ?? 100;
    const method = options.text("method");
    const { schedules } = await openApp(invocation);
    const isFiltered = options.has("failed") || method !== undefined;
    const read = await schedules.list({ ...ownerOf(invocation), limit: isFiltered ? mostRead : limit + 1 });
    const all = read.filter(
      (command) =>
        (method === undefined || command.method === method || command.method.endsWith(`.${method}`)) &&
        !(options.has("failed") && command.next !== undefined),
    );
    const found = all.slice(0, limit);
    if (options.has("json")) for (const command of found) await terminal.write(`${JSON.stringify(command)}\n`);
    else {
      await terminal.write(printTable(["ID", "METHOD", "AT", "ATTEMPTS", "NEXT", "ERROR"], found.map(printCommand)));
    }
    if (all.length > limit) terminal.log(`printed the first ${printCountOf(limit, "command")}: use --limit for more\n`);
  },
};

export const scheduleRecurring: Command = {
  name: "schedule recurring",
  summary: "Lists the recurring commands of the app, each with its next occurrence.",
  options: { json: { help: "print lines of JSON" } },
  async run(invocation) {
    const { options, terminal } = invocation;
    const found = await (await openApp(invocation)).schedules.recurring();
    if (options.has("json")) for (const status of found) await terminal.write(`${JSON.stringify(status)}\n`);
    else await terminal.write(printTable(["NAME", "OCCURRENCE", "ATTEMPTS", "ERROR"], found.map(printStatus)));
  },
};

export const scheduleRetry: Command = toDemand(
  "retry",
  "Sends a command that waits for a person again, with all of its attempts.",
  "is due now",
  "there is none that waits for a person",
);

export const scheduleCancel: Command = toDemand(
  "cancel",
  "Cancels a command that is not being sent.",
  "cancelled",
  "there is none, or it was sent, or it is being sent",
);

/** A command that changes a scheduled one. */
function toDemand(verb: "retry" | "cancel", summary: string, done: string, why: string): Command {
  return {
    name: `schedule ${verb}`,
    summary,
    operands: "<id>",
    arity: [1, 1],
    options: { tenant, json: { help: "print one line of JSON" } },
    examples: [`potter schedule ${verb} reminder-4711`],
    async run(invocation) {
      const { options, terminal } = invocation;
      const [id = ""] = options.operands;
      const { schedules } = await openApp(invocation);
      const applied = await schedules[verb](id, ownerOf(invocation));
      if (options.has("json")) await terminal.write(`${JSON.stringify({ applied })}\n`);
      if (!applied) throw new PotterError("not_found", `no scheduled command ${printable(id)}: ${why}`);
      if (!options.has("json")) terminal.log(`${printable(id)} ${done}\n`);
    },
  };
}

async function openApp({ target }: Invocation) {
  return (await target()).open();
}

function ownerOf({ options }: Invocation): { readonly tenant?: string } {
  const given = options.text("tenant");
  return given === undefined ? {} : { tenant: given };
}

function printCommand({ id, method, at, attempts, next, error }: ScheduledCommand): readonly string[] {
  return [printable(id), method, at.toISOString(), String(attempts), next?.toISOString() ?? "", printable(error ?? "")];
}

function printStatus({ name, occurrence, attempts, error }: ScheduleStatus): readonly string[] {
  return [printable(name), occurrence?.toISOString() ?? "", String(attempts), printable(error ?? "")];
}
