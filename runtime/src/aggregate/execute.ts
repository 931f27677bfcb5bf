import { type Call, type CallResult, commandKeyOf, type Handle, isRejection, toError } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import type { CommandRecord, EventStore, InlineApply, StateWriteResult, StreamId } from "../event-store/index.js";
import { fingerprintOf } from "../message/index.js";
import { backOff } from "./back-off.js";
import type { Behaviour } from "./behaviour.js";
import { CommandDecision } from "./decision.js";
import type { RecordContext, Repository } from "./repository.js";
import type { CommandDefinition, NewEvent } from "./types.js";
import { taken } from "./unique.js";

/** How often a command is decided anew because another writer was faster. */
const maxAttempts = 6;

/** Projections that must change with the append of some events. */
export interface InlineProjector {
  /** undefined: none of the events concerns an inline projection. */
  begin(events: readonly NewEvent[]): { readonly apply: InlineApply; committed(): void } | undefined;
}

/** What the commands of an aggregate need besides its behaviour. */
export interface ExecutionOptions {
  readonly repository: Repository;
  readonly commands: Pick<EventStore, "findCommand">;
  readonly inline?: InlineProjector;
}

/** The handler of one command of an aggregate: load, decide, append; again when another writer was faster. */
export function createCommandHandler(
  behaviour: Behaviour,
  name: string,
  command: CommandDefinition,
  options: ExecutionOptions,
): Handle {
  const execution = new Execution(behaviour, name, command, options);
  return (call) => execution.run(call);
}

class Execution {
  private readonly behaviour: Behaviour;
  private readonly command: CommandDefinition;
  private readonly decision: CommandDecision;
  private readonly options: ExecutionOptions;

  constructor(behaviour: Behaviour, name: string, command: CommandDefinition, options: ExecutionOptions) {
    this.behaviour = behaviour;
    this.command = command;
    this.decision = new CommandDecision(behaviour, name, command);
    this.options = options;
  }

  async run(call: Call): Promise<CallResult> {
    const { context } = call;
    const given = this.command.id(call.request);
    const ctx = this.decision.createContext(call);
    const { id } = ctx;
    const stream: StreamId = { tenant: context.tenant, type: this.behaviour.aggregate.type, id };
    const record = context.explicitCommandId
      ? { id: commandKeyOf(context), requestHash: this.hash(call.request) }
      : undefined;
    if (record !== undefined) {
      const found = await this.options.commands.findCommand(context.tenant, record.id);
      if (found !== undefined) {
        if (found.requestHash !== record.requestHash) throw reused();
        return this.recorded(found.response, found.version, given);
      }
    }
    const { repository } = this.options;
    let loaded = given === "" ? repository.fresh() : await repository.load(stream);
    for (let attempt = 1; ; attempt++) {
      const decided = this.decision.decide(loaded, call, ctx);
      if (isRejection(decided)) throw toError(decided);
      const { events, after } = decided;
      const response = decided.response();
      if (events.length === 0 && record === undefined) return { response, version: loaded.version, position: 0, id };
      const inline = this.options.inline?.begin(events);
      const append: RecordContext = {
        correlationId: context.correlationId,
        causationId: context.commandId,
        metadata: context.user === "" ? context.metadata : { ...context.metadata, user: context.user },
        ...(record && { command: this.toRecord(record, response) }),
        ...(inline && { inline: inline.apply }),
      };
      const newId = () => context.newId();
      const result = await repository.record({ stream, loaded, events, after, newId, context: append });
      if (result.kind === "appended") {
        inline?.committed();
        return { response, version: result.version, position: result.position, id };
      }
      if (result.kind !== "conflict") return this.settle(result, given);
      if (attempt === maxAttempts) throw this.contended(id);
      await backOff(attempt, context.signal);
      loaded = await repository.load(stream, loaded);
    }
  }

  private toRecord(record: { readonly id: string; readonly requestHash: string }, response: unknown): CommandRecord {
    const codec = this.command.method.response;
    return { ...record, response: codec.encode(response), codec };
  }

  private hash(request: unknown): string {
    const { service, name, request: codec } = this.command.method;
    return `${service}.${name}:${fingerprintOf(codec, request)}`;
  }

  /** The answer of the first time. The id is known only if the caller gave it. */
  private recorded(response: Uint8Array, version: number, given: string): CallResult {
    const message = this.command.method.response.decode(response);
    return { response: message, version, ...(given !== "" && { id: given }) };
  }

  private settle(result: Exclude<StateWriteResult, { kind: "appended" | "conflict" }>, given: string): CallResult {
    if (result.kind === "mismatch") throw reused();
    if (result.kind === "closed") throw this.closed();
    if (result.kind === "claimed") throw taken(this.behaviour.aggregate, result.index);
    return this.recorded(result.response, result.version, given);
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
