import { describeOpenAppend } from "../../../event-store/index.js";
import type { ProjectionControl, ProjectionStatus } from "../../../projection/index.js";
import type { Command, Invocation } from "../command.js";
import { nameStream } from "../event-view.js";
import { printable } from "../printable.js";
import { suggestion } from "../suggestion.js";
import { printTable } from "../table.js";
import { printCount } from "../time.js";
import { UsageError } from "../usage-error.js";

const json = { help: "as lines of JSON" };
const readModel = { operands: "<read model>", arity: [1, 1] as const };

/** The control of the projection that the first operand names: by its full name, or by the end of it. */
export async function findProjection({ options, target }: Invocation): Promise<ProjectionControl> {
  const app = await (await target()).start();
  const given = options.operands[0] ?? "";
  const names = [...new Set(app.projections.map(({ name }) => name))];
  const found = names.filter((name) => name === given || name.endsWith(`.${given}`));
  if (found.length === 1) return app.projection(found[0] as string);
  if (found.length > 1) throw new UsageError(`${given} may be ${found.join(" or ")}: give the whole name`);
  const known = given.includes(".") ? names : names.map((name) => name.slice(name.lastIndexOf(".") + 1));
  throw new UsageError(`the app has no projection of ${given}${suggestion(given, known)}`);
}

export const projectionsList: Command = {
  name: "projections list",
  summary: "Says how each projection stands: its position, how far it is behind, what is parked.",
  options: { json },
  async run({ options, terminal, target }) {
    const app = await (await target()).start();
    const { projections } = app;
    if (options.has("json")) {
      for (const status of projections) await terminal.write(`${JSON.stringify(toJson(status))}\n`);
      return;
    }
    const rows = projections.map((status) => [
      status.name,
      status.generation > 1 ? `${status.version}.${status.generation}` : `${status.version}`,
      status.paused ? `${status.state}, paused` : status.state,
      Number.isFinite(status.position) ? printCount(status.position) : "inline",
      Number.isFinite(status.position) ? printCount(status.lag) : "0",
      printCount(status.deadLetters),
    ]);
    await terminal.write(printTable(["READ MODEL", "VERSION", "STATE", "POSITION", "BEHIND", "PARKED"], rows));
    for (const line of warningsOf(projections)) terminal.tell(`${line}\n`);
  },
};

export const projectionsPause: Command = {
  name: "projections pause",
  summary: "Stops a projection, in all processes, until it is resumed.",
  ...readModel,
  options: {},
  async run(invocation) {
    await (await findProjection(invocation)).pause();
    invocation.terminal.tell(`${invocation.options.operands[0]} is paused\n`);
  },
};

export const projectionsResume: Command = {
  name: "projections resume",
  summary: "Lets a projection go on that was paused.",
  ...readModel,
  options: {},
  async run(invocation) {
    await (await findProjection(invocation)).resume();
    invocation.terminal.tell(`${invocation.options.operands[0]} goes on\n`);
  },
};

export const projectionsDeadLetters: Command = {
  name: "projections dead-letters",
  summary: "Lists the events that a projection could not apply, and those that wait behind them.",
  ...readModel,
  options: {
    key: { value: "key", help: "only what is parked under this key" },
    limit: { value: "count", help: "most events; default: 100" },
    json,
  },
  async run(invocation) {
    const { options, terminal } = invocation;
    const control = await findProjection(invocation);
    const key = options.text("key");
    const limit = options.count("limit", 1) ?? 100;
    const letters = await control.deadLetters({ limit, ...(key !== undefined && { key }) });
    if (options.has("json")) {
      for (const letter of letters) await terminal.write(`${JSON.stringify(letter)}\n`);
      return;
    }
    const rows = letters.map((letter) => [
      printable(letter.key),
      printCount(letter.position),
      letter.type,
      `${printable(nameStream(letter))}@${letter.version}`,
      printCount(letter.attempts),
      printable(letter.error ?? "waits behind the one before"),
    ]);
    await terminal.write(printTable(["KEY", "POSITION", "EVENT", "STREAM", "TRIES", "ERROR"], rows));
  },
};

export const projectionsRetry: Command = {
  name: "projections retry",
  summary: "Has parked events tried again, of one key or of all.",
  operands: "<read model> [key]",
  arity: [1, 2],
  options: {},
  async run(invocation) {
    const control = await findProjection(invocation);
    const keys = await control.retry(invocation.options.operands[1]);
    invocation.terminal.tell(`${printCount(keys)} ${keys === 1 ? "key is" : "keys are"} tried again\n`);
  },
};

export const projectionsDiscard: Command = {
  name: "projections discard",
  summary: "Gives up the events that are parked under a key: the read model will never know them.",
  operands: "<read model> <key>",
  arity: [2, 2],
  options: {},
  async run(invocation) {
    const control = await findProjection(invocation);
    const events = await control.discard(invocation.options.operands[1] ?? "");
    invocation.terminal.tell(`gave up ${printCount(events)} ${events === 1 ? "event" : "events"}\n`);
  },
};

/** What keeps projections from going on, each said once. */
function warningsOf(projections: readonly ProjectionStatus[]): readonly string[] {
  const lines = projections.flatMap(({ name, stalled, error }) => [
    ...(stalled === undefined
      ? []
      : stalled.by.map(
          (open) => `events beyond ${printCount(stalled.head)} cannot be read yet: ${describeOpenAppend(open)}`,
        )),
    ...(error === undefined ? [] : [`${name} failed, and tries again: ${printable(messageOf(error))}`]),
  ]);
  return [...new Set(lines)];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function toJson({ error, position, ...status }: ProjectionStatus): object {
  const message = error === undefined ? undefined : messageOf(error);
  return { ...status, position: Number.isFinite(position) ? position : null, ...(message && { error: message }) };
}
