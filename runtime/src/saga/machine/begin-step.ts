import { awaited, callBehaviour, copyOf } from "./behaviour.js";
import type { Draft } from "./draft.js";
import { eventKey, requestKey } from "./instance.js";
import type { ResolvedStep } from "./resolved-saga.js";
import { idOf } from "./saga-id.js";

/** The most elements of a step. */
export const maxElements = 1000;

/** Begins a step whose predecessors are done, or skips it. */
export function beginStep(draft: Draft, step: ResolvedStep): void {
  const { name, definition, behaviour } = step;
  if (definition.when && !callBehaviour("when", name, () => behaviour.when?.(draft.copyData()))) {
    draft.moveStep(name, "skip");
    return;
  }
  const { now, latest = now } = draft.context;
  const limit = definition.timeout === undefined ? {} : { timeoutAt: latest + definition.timeout };
  if (definition.kind === "command") beginCommands(draft, step, limit);
  else if (definition.kind === "timer") {
    const { delay, until } = definition;
    const timerAt =
      until === undefined
        ? latest + (delay ?? 0)
        : callBehaviour("until", name, () => until(draft.copyData()), checkTime);
    draft.moveStep(name, "begin", timerAt === undefined || timerAt <= now ? {} : { timerAt, ...limit });
    if (timerAt === undefined || timerAt <= now) draft.moveStep(name, "succeed");
  } else if (definition.kind === "event") {
    draft.moveStep(name, "begin", limit);
  } else beginChild(draft, step, limit);
}

/** Refuses what no store keeps as a time. */
function checkTime(time: number | undefined): number | undefined {
  if (time === undefined || Number.isSafeInteger(time)) return time;
  throw new RangeError("a time must be whole milliseconds since 1970");
}

function beginChild(draft: Draft, { name, definition, behaviour }: ResolvedStep, limit: object | undefined): void {
  if (definition.kind !== "saga") return;
  const saga = definition.saga();
  const { child, id } = callBehaviour(
    "start",
    name,
    () => behaviour.start?.(draft.copyData()),
    (init) => {
      // What cannot be encoded would prevent this transition from being stored.
      const child = copyOf(saga.codec, init);
      return { child, id: idOf(saga, child) };
    },
  );
  if (limit !== undefined) {
    draft.moveStep(name, "begin", { ...limit, child: id, commands: [{ status: "idle", attempts: 0 }] });
  }
  draft.moveCommand(name, 0, "send", { attempts: 1 });
  draft.related.push({ kind: "start_child", step: name, saga, id, data: child });
}

function beginCommands(draft: Draft, step: ResolvedStep, limit: { readonly timeoutAt?: number }): void {
  const { name, definition, behaviour } = step;
  if (definition.kind !== "command") return;
  const codec = definition.command.request;
  const requests = callBehaviour<unknown, readonly Uint8Array[]>(
    definition.forEach ? "commands" : "command",
    name,
    () => (definition.forEach ? behaviour.commands?.(draft.copyData()) : [behaviour.command?.(draft.copyData())]),
    (given) => {
      const list = [...((given ?? []) as Iterable<unknown>)];
      if (list.length > maxElements) throw new RangeError(`more than ${maxElements} commands`);
      return list.map((request) => codec.encode(codec.create(awaited(request) as never)));
    },
  );
  const commands = requests.map(() => ({ status: "idle", attempts: 0 }) as const);
  draft.moveStep(name, "begin", { ...limit, commands });
  for (const [element, request] of requests.entries()) draft.begin(step, element, "do", request);
  if (requests.length === 0) succeed(draft, step);
}

/** Ends a step that waits for an event, if the event has arrived. */
export function receiveKept(draft: Draft, step: ResolvedStep): boolean {
  const { name, definition, behaviour } = step;
  const kept = draft.frozenOf(eventKey(name));
  if (kept === undefined || definition.kind !== "event") return false;
  const { event: fold } = behaviour;
  if (fold !== undefined) {
    const event = definition.event.codec.decode(kept);
    callBehaviour(
      "event",
      name,
      () => fold(draft.copyData(), event as never),
      (next) => draft.setData(next),
    );
  }
  draft.thaw(eventKey(name));
  succeed(draft, step);
  return true;
}

/** A step is done. */
export function succeed(draft: Draft, step: ResolvedStep): void {
  draft.moveStep(step.name, "succeed");
  if (step.definition.pivot) draft.instance.pivoted = true;
}

/** Begins the compensation of one command of a step. */
export function beginUndo(draft: Draft, step: ResolvedStep, element: number): void {
  const { name, definition, behaviour } = step;
  if (definition.kind === "saga") {
    draft.moveCommand(name, element, "undo", { attempts: 1 });
    const { child = "" } = draft.state(name);
    draft.related.push({ kind: "compensate_child", step: name, saga: definition.saga(), id: child });
    return;
  }
  if (definition.kind !== "command" || definition.compensation === undefined) return;
  const { request: codec } = definition.compensation;
  const request =
    draft.frozenOf(requestKey(name, element, "undo")) ??
    callBehaviour(
      "compensation",
      name,
      () => behaviour.compensation?.(draft.copyData(), element),
      (init) => codec.encode(codec.create(init as never)),
    );
  draft.begin(step, element, "undo", request);
}

/** Sends a command again, with the same bytes. */
export function sendAgain(draft: Draft, step: ResolvedStep, element: number): void {
  if (step.definition.kind === "saga") {
    beginChild(draft, step, undefined);
    return;
  }
  const request = draft.frozenOf(requestKey(step.name, element, "do"));
  // Deleted with the personal fields of an erased subject.
  draft.begin(step, element, "do", request ?? recreate(draft, step, element));
}

function recreate(draft: Draft, { name, definition, behaviour }: ResolvedStep, element: number): Uint8Array {
  if (definition.kind !== "command") throw new Error(`step ${name} has no command`);
  const { request: codec } = definition.command;
  return callBehaviour(
    "command",
    name,
    () =>
      definition.forEach ? behaviour.commands?.(draft.copyData())[element] : behaviour.command?.(draft.copyData()),
    (init) => {
      // The list may depend on what was erased.
      if (init === undefined) throw new TypeError("there is no such element any more");
      return codec.encode(codec.create(awaited(init) as never));
    },
  );
}
