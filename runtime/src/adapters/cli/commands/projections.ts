import type { App } from "../../../app/index.js";
import { PotterError } from "../../../errors/index.js";
import type { ProjectionControl, ProjectionStatus } from "../../../projection/index.js";
import { describeOpenAppend } from "../../../store/ports/index.js";
import type { Command, Invocation } from "../command.js";
import { nameStream } from "../events/index.js";
import { suggestion } from "../suggestion.js";
import { printable, printCount, printTable } from "../terminal/index.js";
import { UsageError } from "../usage-error.js";

const json = { help: "print lines of JSON" };
const readModel = { operands: "<read model>", arity: [1, 1] as const };

/** Opens the app, and finds the projection that the first operand names, by its full name or its last segments. Does not start the app. */
export async function openProjection({
  options,
  target,
}: Invocation): Promise<{ readonly app: App; readonly name: string }> {
  const app = await (await target()).open();
  const given = options.operands[0] ?? "";
  const names = app.projectionNames;
  const found = names.filter((name) => name === given || name.endsWith(`.${given}`));
  const [name] = found;
  if (found.length === 1 && name !== undefined) {
    if (app.projection(name).status !== undefined) return { app, name };
    throw new PotterError("failed_precondition", `no process has run ${name} in this version yet: start the service`);
  }
  if (found.length > 1) throw new UsageError(`${given} is ambiguous: expected ${found.join(" or ")}`);
  const known = given.includes(".") ? names : names.map((name) => name.slice(name.lastIndexOf(".") + 1));
  throw new UsageError(`unknown read model ${given}${suggestion(given, known)}`);
}

async function findProjection(invocation: Invocation): Promise<ProjectionControl> {
  const { app, name } = await openProjection(invocation);
  return app.projection(name);
}

export const projectionsList: Command = {
  name: "projections list",
  summary: "Shows the state, position, lag and dead letters of each projection.",
  options: { json },
  async run({ options, terminal, target }) {
    const { projections } = await (await target()).open();
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
    await terminal.write(printTable(["READ MODEL", "VERSION", "STATE", "POSITION", "LAG", "DEAD LETTERS"], rows));
    for (const line of warningsOf(projections)) terminal.log(`${line}\n`);
  },
};

export const projectionsPause: Command = {
  name: "projections pause",
  summary: "Pauses a projection in all processes until it is resumed.",
  ...readModel,
  options: {},
  async run(invocation) {
    await (await findProjection(invocation)).pause();
    invocation.terminal.log(`${invocation.options.operands[0]} paused\n`);
  },
};

export const projectionsResume: Command = {
  name: "projections resume",
  summary: "Resumes a paused projection.",
  ...readModel,
  options: {},
  async run(invocation) {
    await (await findProjection(invocation)).resume();
    invocation.terminal.log(`${invocation.options.operands[0]} resumed\n`);
  },
};

export const projectionsDeadLetters: Command = {
  name: "projections dead-letters",
  summary: "Lists the events that a projection could not apply, and the later events of the same key that they block.",
  ...readModel,
  options: {
    key: { value: "key", help: "only dead letters of this key" },
    limit: { value: "count", help: "maximum number of events; default: 100" },
    json,
  },
  async run(invocation) {
    const { options, terminal } = invocation;
    const control = await findProjection(invocation);
    const key = options.text("key");
    const limit = options.count("limit", 1) ?? 100;
    const deadLetters = await control.deadLetters({ limit, ...(key !== undefined && { key }) });
    if (options.has("json")) {
      for (const deadLetter of deadLetters) await terminal.write(`${JSON.stringify(deadLetter)}\n`);
      return;
    }
    const rows = deadLetters.map((deadLetter) => [
      printable(deadLetter.key),
      printCount(deadLetter.position),
      deadLetter.type,
      `${printable(nameStream(deadLetter))}@${deadLetter.version}`,
      printCount(deadLetter.attempts),
      printable(deadLetter.error ?? "blocked by the previous event of this key"),
    ]);
    await terminal.write(printTable(["KEY", "POSITION", "EVENT", "STREAM", "ATTEMPTS", "ERROR"], rows));
  },
};

export const projectionsRetry: Command = {
  name: "projections retry",
  summary: "Retries the dead letters of one key, or of all keys.",
  operands: "<read model> [key]",
  arity: [1, 2],
  options: {},
  async run(invocation) {
    const control = await findProjection(invocation);
    const keys = await control.retry(invocation.options.operands[1]);
    invocation.terminal.log(`retrying ${printCount(keys)} ${keys === 1 ? "key" : "keys"}\n`);
  },
};

export const projectionsDiscard: Command = {
  name: "projections discard",
  summary: "Discards the dead letters of a key: the read model will never contain these events.",
  operands: "<read model> <key>",
  arity: [2, 2],
  options: {},
  async run(invocation) {
    const control = await findProjection(invocation);
    const events = await control.discard(invocation.options.operands[1] ?? "");
    invocation.terminal.log(`discarded ${printCount(events)} ${events === 1 ? "event" : "events"}\n`);
  },
};

/** What prevents projections from making progress, without duplicates. */
function warningsOf(projections: readonly ProjectionStatus[]): readonly string[] {
  const lines = projections.flatMap(({ name, stalled, error }) => [
    ...(stalled === undefined
      ? []
      : stalled.by.map(
          (open) =>
            `events beyond position ${printCount(stalled.head)} cannot be read yet: ${describeOpenAppend(open)}`,
        )),
    ...(error === undefined ? [] : [`${name} failed and is retried: ${printable(messageOf(error))}`]),
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
