import { type Call, type CallResult, type Handle, isExpected, isRejection, toError } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import type { AppendResult, CommandRecord, EventStore, InlineApply, StreamId } from "../event-store/index.js";
import { fingerprint } from "../message/index.js";
import { backOff } from "./back-off.js";
import type { Behaviour } from "./behaviour.js";
import { DefaultDecideContext } from "./decide-context.js";
import { type Loaded, loadState } from "./load.js";
import { isSnapshotDue, saveSnapshot } from "./snapshot.js";
import type { CommandDefinition, NewEvent } from "./types.js";

/** How often a command is decided anew because another writer was faster. */
const maxAttempts = 6;

/** Projections that must change with the append of some events. */
export interface InlineProjector {
  /** undefined: none of the events concerns an inline projection. */
  begin(events: readonly NewEvent[]): { readonly apply: InlineApply; committed(): void } | undefined;
}

/** What an engine needs besides the behaviour. */
export interface EngineOptions {
  readonly events: EventStore;
  readonly inline?: InlineProjector;
  /** Takes care of work that nobody waits for: it must end before the app does, and its failure must be told. */
  background(work: Promise<void>): void;
}

/** The handler of one command of an aggregate: load, decide, append; again when another writer was faster. */
export function createCommandHandler(
  behaviour: Behaviour,
  name: string,
  command: CommandDefinition,
  options: EngineOptions,
): Handle {
  const execution = new Execution(behaviour, name, command, options);
  return (call) => execution.run(call);
}

class Execution {
  private readonly behaviour: Behaviour;
  private readonly name: string;
  private readonly command: CommandDefinition;
  private readonly options: EngineOptions;

  constructor(behaviour: Behaviour, name: string, command: CommandDefinition, options: EngineOptions) {
    this.behaviour = behaviour;
    this.name = name;
    this.command = command;
    this.options = options;
  }

  async run(call: Call): Promise<CallResult> {
    const { context } = call;
    const given = this.command.id(call.request);
    const id = given === "" ? this.newAggregateId(call) : given;
    const stream: StreamId = { tenant: context.tenant, type: this.behaviour.aggregate.type, id };
    const record = context.explicitCommandId
      ? { id: context.commandId, requestHash: this.hash(call.request) }
      : undefined;
    if (record !== undefined) {
      const found = await this.options.events.findCommand(context.tenant, record.id);
      if (found !== undefined) {
        if (found.requestHash !== record.requestHash) throw reused();
        return this.recorded(found.response, found.version, given);
      }
    }
    const ctx = new DefaultDecideContext(context, id);
    let loaded: Loaded = given === "" ? { state: this.behaviour.initial(), version: 0 } : await this.load(stream);
    for (let attempt = 1; ; attempt++) {
      this.check(loaded.version, call, id);
      ctx.version = loaded.version;
      const events = this.decide(loaded.state, call.request, ctx);
      if (events.length === 0 && record === undefined) {
        return { response: this.respond(loaded.state, call.request, ctx), version: loaded.version, id };
      }
      if (events.length > 0 && this.command.creates === true && loaded.version > 0) throw this.exists(id);
      const snapshotDue = isSnapshotDue(this.behaviour, loaded.version, loaded.version + events.length);
      const state = this.after(loaded.state, events, snapshotDue);
      const response = this.respond(state, call.request, ctx);
      const inline = this.options.inline?.begin(events);
      const result = await this.options.events.append({
        stream,
        expectedVersion: loaded.version,
        events: events.map((event) => ({ id: context.newId(), definition: event.definition, data: event.data })),
        correlationId: context.correlationId,
        causationId: context.commandId,
        metadata: context.metadata,
        ...(record && { command: this.toRecord(record, response) }),
        ...(inline && { inline: inline.apply }),
      });
      if (result.kind === "appended") {
        inline?.committed();
        if (snapshotDue) this.snapshot(stream, result.version, state);
        return { response, version: result.version, id };
      }
      if (result.kind !== "conflict") return this.settle(result, given);
      if (attempt === maxAttempts) throw this.contended(id);
      await backOff(attempt, context.signal);
      loaded = await this.load(stream, loaded);
    }
  }

  private load(stream: StreamId, known?: Loaded): Promise<Loaded> {
    return loadState(this.options.events, this.behaviour, stream, known);
  }

  private decide(state: unknown, request: unknown, ctx: DefaultDecideContext): readonly NewEvent[] {
    const decision = this.behaviour.decide(this.name, state, request, ctx);
    if (isRejection(decision)) throw toError(decision);
    return decision as readonly NewEvent[];
  }

  /** The state after the new events, for those who need it: a written answer, a snapshot. */
  private after(state: unknown, events: readonly NewEvent[], snapshotDue: boolean): unknown {
    if (!snapshotDue && this.behaviour.reply(this.name) === undefined) return state;
    return events.reduce((before, event) => this.behaviour.evolve(before, event), state);
  }

  private respond(state: unknown, request: unknown, ctx: DefaultDecideContext): unknown {
    const { response } = this.command.method;
    const reply = this.behaviour.reply(this.name);
    if (reply !== undefined) return response.create(reply(state, request, ctx));
    return response.create(this.command.respond?.(request, ctx.id));
  }

  private snapshot(stream: StreamId, version: number, state: unknown): void {
    this.options.background(saveSnapshot(this.options.events, this.behaviour, stream, { version, state }));
  }

  private toRecord(record: { readonly id: string; readonly requestHash: string }, response: unknown): CommandRecord {
    const codec = this.command.method.response;
    return { ...record, response: codec.encode(response), codec };
  }

  private hash(request: unknown): string {
    const { service, name, request: codec } = this.command.method;
    return `${service}.${name}:${fingerprint(codec.encode(request))}`;
  }

  /** The answer of the first time. The id is known only if the caller gave it. */
  private recorded(response: Uint8Array, version: number, given: string): CallResult {
    const message = this.command.method.response.decode(response);
    return { response: message, version, ...(given !== "" && { id: given }) };
  }

  private settle(result: Exclude<AppendResult, { kind: "appended" | "conflict" }>, given: string): CallResult {
    if (result.kind === "mismatch") throw reused();
    if (result.kind === "closed") throw this.closed();
    if (result.kind === "claimed") {
      throw new PotterError("already_exists", `the ${result.index} is taken`);
    }
    return this.recorded(result.response, result.version, given);
  }

  private newAggregateId(call: Call): string {
    if (this.command.creates === true) return call.context.newId();
    throw new PotterError(
      "invalid_argument",
      `${this.command.method.name} needs the id of the ${this.behaviour.aggregate.name}`,
    );
  }

  private check(version: number, call: Call, id: string): void {
    const { expectedVersion } = call.context;
    if (expectedVersion !== undefined && !isExpected(version, expectedVersion)) {
      throw new PotterError(
        "aborted",
        `the ${this.behaviour.aggregate.name} is at version ${version}, expected ${String(expectedVersion)}`,
      );
    }
    if (version === 0 && this.command.creates === false) {
      throw new PotterError("not_found", `there is no ${this.behaviour.aggregate.name} ${id}`);
    }
  }

  private exists(id: string): PotterError {
    return new PotterError("already_exists", `there is a ${this.behaviour.aggregate.name} ${id} already`);
  }

  private closed(): PotterError {
    return new PotterError("failed_precondition", `the ${this.behaviour.aggregate.name} was closed for good`);
  }

  private contended(id: string): PotterError {
    return new PotterError(
      "aborted",
      `${this.behaviour.aggregate.name} ${id} is changed by too many callers at once; try again`,
    );
  }
}

function reused(): PotterError {
  return new PotterError("already_exists", "another request was made under this command id");
}
