import { PotterError } from "../../../errors/index.js";
import type { SagaFilter, SagaState, SagaStatus } from "../../../saga/index.js";
import type { Command, Invocation } from "../command.js";
import { readTime } from "../events/index.js";
import { printable, printCountOf, printTable } from "../terminal/index.js";
import { UsageError } from "../usage-error.js";
import { findSaga, findSagas, readOwner, tenant } from "./find-saga.js";

const json = { help: "print lines of JSON" };
const statuses: readonly SagaStatus[] = ["running", "compensating", "completed", "compensated", "suspended"];

/** A saga, and the name of its definition. */
interface ListedSaga {
  readonly saga: string;
  readonly state: SagaState;
}

export const sagaList: Command = {
  name: "saga list",
  summary:
    "Lists sagas, ordered by id: those of one definition, or of all. Prints no data of sagas, which may be personal.",
  operands: "[saga]",
  arity: [0, 1],
  options: {
    status: { value: "status", many: true, help: `only with this status: ${statuses.join(", ")}` },
    step: { value: "step", help: "only those in which this step is under way" },
    paused: { help: "only paused ones" },
    "started-before": { value: "time", help: "only those started before this time, such as 2h (ago)" },
    "idle-since": { value: "time", help: "only those without a change since this time" },
    limit: { value: "count", help: "maximum number of sagas; default: 100" },
    tenant,
    json,
  },
  examples: ["potter saga list --status suspended", "potter saga list Checkout --idle-since 1h --json"],
  async run(invocation) {
    const { options, terminal } = invocation;
    const limit = options.count("limit", 1) ?? 100;
    const filter = readFilter(invocation);
    const isOfOne = options.operands.length > 0;
    const rows: ListedSaga[] = [];
    let isMore = false;
    for (const [saga, control] of await findSagas(invocation)) {
      let pageToken = "";
      do {
        // One more than is printed, to know whether there is one.
        const pageSize = Math.min(limit + 1 - rows.length, 1_000);
        const page = await control.list({ ...filter, pageSize, pageToken });
        rows.push(...page.items.map((state) => ({ saga, state })));
        pageToken = page.nextPageToken;
        isMore = rows.length > limit;
      } while (pageToken !== "" && !isMore && !terminal.signal.aborted);
      if (isMore || terminal.signal.aborted) break;
    }
    const printed = rows.slice(0, limit);
    if (options.has("json")) {
      for (const { saga, state } of printed) {
        await terminal.write(`${JSON.stringify({ ...(!isOfOne && { saga }), ...toJson(state) })}\n`);
      }
      return;
    }
    await terminal.write(
      printTable(
        [...(isOfOne ? [] : ["SAGA"]), "ID", "STATUS", "UNDER WAY", "VERSION", "STARTED", "CHANGED", "FAILURE"],
        printed.map(({ saga, state }) => [
          ...(isOfOne ? [] : [saga]),
          printable(state.id),
          state.paused ? `${state.status}, paused` : state.status,
          stepsUnderWay(state),
          String(state.version),
          state.startedAt.toISOString(),
          state.updatedAt.toISOString(),
          printFailure(state.failure),
        ]),
      ),
    );
    if (isMore)
      terminal.log(`printed the first ${printCountOf(limit, "saga")}: use --limit for more
`);
  },
};

export const sagaShow: Command = {
  name: "saga show",
  summary: "Shows the steps and the history of a saga. Prints no data of it, which may be personal.",
  operands: "<saga> <id>",
  arity: [2, 2],
  options: { tenant, json: { help: "print one line of JSON" } },
  examples: ["potter saga show Checkout 4711"],
  async run(invocation) {
    const { options, terminal } = invocation;
    const [name = "", id = ""] = options.operands;
    const state = await (await findSaga(invocation)).get(id, readOwner(invocation));
    if (state === undefined) throw new PotterError("not_found", `there is no saga ${name} with the id ${id}`);
    if (options.has("json")) {
      await terminal.write(`${JSON.stringify({ ...toJson(state), history: state.history })}\n`);
      return;
    }
    const { status, paused, version, failure, deadlineAt } = state;
    const about = [
      `${name} ${printable(id)}: ${status}${paused ? ", paused" : ""}`,
      `version ${version}, started ${state.startedAt.toISOString()}, changed ${state.updatedAt.toISOString()}`,
      ...(deadlineAt ? [`deadline ${deadlineAt.toISOString()}`] : []),
      ...(failure ? [`failure: ${printFailure(failure)}`] : []),
      ...(status === "suspended" ? ["continue it by one of:", ...remedies(name, state)] : []),
    ];
    await terminal.write(`${about.join("\n")}\n\n`);
    await terminal.write(
      printTable(
        ["STEP", "STATUS", "ATTEMPTS", "STARTED", "ENDED", "DUE", "FAILURE"],
        state.steps.map((step) => [
          step.name,
          step.status,
          String(step.attempts),
          step.startedAt?.toISOString() ?? "",
          step.endedAt?.toISOString() ?? "",
          step.due?.toISOString() ?? "",
          printFailure(step.failure),
        ]),
      ),
    );
    await terminal.write("\n");
    await terminal.write(
      printTable(
        ["TIME", "EVENT", "STEP", "FAILURE"],
        state.history.map((entry) => [
          entry.at.toISOString(),
          entry.event,
          entry.step ?? "",
          printFailure(entry.failure),
        ]),
      ),
    );
  },
};

function readFilter(invocation: Invocation): SagaFilter {
  const { options } = invocation;
  const now = Date.now();
  const time = (name: string): Date | undefined => {
    const text = options.text(name);
    return text === undefined ? undefined : new Date(readTime(name, text, now));
  };
  const status = options.list("status").map((text) => {
    const found = statuses.find((one) => one === text);
    if (found !== undefined) return found;
    throw new UsageError(`--status must be one of ${statuses.join(", ")}, not ${JSON.stringify(text)}`);
  });
  const step = options.text("step");
  const startedBefore = time("started-before");
  const idleSince = time("idle-since");
  return {
    ...readOwner(invocation),
    ...(status.length > 0 && { status }),
    ...(step !== undefined && { step }),
    ...(options.has("paused") && { paused: true }),
    ...(startedBefore && { startedBefore }),
    ...(idleSince && { idleSince }),
  };
}

/** Commands that continue a suspended saga: for the steps that have failed, or for all if what failed is none of them. */
function remedies(name: string, { id, steps, tenant }: SagaState): readonly string[] {
  const failed = steps.filter((step) => step.failure !== undefined && /^(running|undoing)$/.test(step.status));
  const to = (verb: string, step = "") =>
    `  potter saga ${verb} ${[name, printable(id), step].filter(Boolean).join(" ")}${tenant && ` --tenant ${printable(tenant)}`}`;
  if (failed.length === 0) return [to("resume")];
  return failed.flatMap((step) => [to("retry", step.name), to("skip", step.name)]);
}

function stepsUnderWay({ steps }: SagaState): string {
  return steps.flatMap(({ name, status }) => (status === "running" || status === "undoing" ? [name] : [])).join(", ");
}

function printFailure(failure: { readonly code: string; readonly reason?: string } | undefined): string {
  if (failure === undefined) return "";
  return printable(failure.reason === undefined ? failure.code : `${failure.code}: ${failure.reason}`);
}

function toJson({ data: _, history: _history, ...state }: SagaState): object {
  return state;
}
