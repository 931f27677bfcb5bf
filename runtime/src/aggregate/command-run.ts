import { type Call, type CallResult, isAborted, isRejection, toError } from "../cqrs/index.js";
import { isPotterError, PotterError } from "../errors/index.js";
import type { CommandRecord, EventStore, StateWriteResult, StreamId } from "../store/ports/index.js";
import type { Behaviour } from "./behaviour.js";
import type { DefaultDecideContext } from "./decide-context.js";
import type { CommandDecision } from "./decision.js";
import type { Loaded, RecordContext, Step } from "./repository.js";
import type { CommandDefinition, NewEvent } from "./types.js";
import { taken } from "./unique.js";

/** A command of an aggregate, with what is the same for all of its calls. */
export interface CommandKind {
  readonly behaviour: Behaviour;
  readonly command: CommandDefinition;
  readonly decision: CommandDecision;
  readonly commands: Pick<EventStore, "findCommand">;
}

/** The id and request of a command that is to be carried out once. */
export type RunRecord = Pick<CommandRecord, "id" | "requestHash">;

/** What a command led to on some state, with the answer to it. */
export interface Answered {
  readonly events: readonly NewEvent[];
  readonly response: unknown;
  after(): unknown;
}

/** One call of a command of an aggregate: how it is decided on a state, and what its caller is told. */
export class CommandRun {
  readonly stream: StreamId;
  /** Given: what is recorded so that a repeated call gets the same answer. */
  readonly record: RunRecord | undefined;
  private readonly kind: CommandKind;
  private readonly call: Call;
  private readonly isNew: boolean;
  private readonly ctx: DefaultDecideContext;

  /** `isNew`: the request names no aggregate, so an id is made up. Throws if it must. */
  constructor(kind: CommandKind, call: Call, isNew: boolean, record: RunRecord | undefined) {
    this.kind = kind;
    this.call = call;
    this.isNew = isNew;
    this.record = record;
    this.ctx = kind.decision.createContext(call);
    this.stream = { tenant: call.context.tenant, type: kind.behaviour.aggregate.type, id: this.ctx.id };
  }

  get signal(): AbortSignal | undefined {
    return this.call.context.signal;
  }

  /** Whether nobody waits for it any more. Asked of every command that was queued, for most of which no signal is made. */
  get isAborted(): boolean {
    return isAborted(this.call.context);
  }

  /** Throws what the caller is to be told if the command is refused on this state. */
  decide(loaded: Loaded): Answered {
    const decided = this.kind.decision.decide(loaded, this.call, this.ctx);
    if (isRejection(decided)) throw toError(decided);
    const { events, after } = decided;
    return { events, after, response: decided.response() };
  }

  /** Whether there is something to record. */
  leadsTo({ events }: Answered): boolean {
    return events.length > 0 || this.record !== undefined;
  }

  toStep<L extends Loaded>(
    loaded: L,
    { events, after, response }: Answered,
    inline?: RecordContext["inline"],
  ): Step<L> {
    const { context } = this.call;
    const { record, stream } = this;
    return {
      stream,
      loaded,
      events,
      after,
      newId: () => context.newId(),
      context: {
        correlationId: context.correlationId,
        causationId: context.commandId,
        metadata: context.user === "" ? context.metadata : { ...context.metadata, user: context.user },
        ...(record && { command: this.toRecord(record, response) }),
        ...(inline && { inline }),
      },
    };
  }

  /** What the caller gets when the decision is recorded, or there was nothing to record. */
  toResult({ response }: Answered, version: number, position: number): CallResult {
    return { response, version, position, id: this.stream.id };
  }

  /** What the caller gets when it was not recorded, for another reason than a conflict. Throws what he is to be told. */
  settle(result: Exclude<StateWriteResult, { kind: "appended" | "conflict" }>): CallResult {
    const { aggregate } = this.kind.behaviour;
    if (result.kind === "command_mismatch") throw reused();
    if (result.kind === "closed") {
      throw new PotterError("failed_precondition", `the ${aggregate.name} was closed for good`);
    }
    if (result.kind === "value_taken") throw taken(aggregate, result.index);
    return this.recorded(result.response, result.version);
  }

  /** The answer of the first time, if the command was carried out before. */
  async findAnswer(): Promise<CallResult | undefined> {
    const { record, stream } = this;
    const found = record && (await this.kind.commands.findCommand(stream.tenant, record.id));
    if (record === undefined || found === undefined) return undefined;
    if (found.requestHash !== record.requestHash) throw reused();
    return this.recorded(found.response, found.version);
  }

  /**
   * What the caller gets for a decision that failed: the answer of the first time, if the same command was carried out while
   * this one was on its way, since then it was decided on a state that knows of it.
   */
  async refused(error: unknown): Promise<CallResult> {
    const found = isPotterError(error) ? await this.findAnswer() : undefined;
    if (found !== undefined) return found;
    throw error;
  }

  contended(): PotterError {
    const { name } = this.kind.behaviour.aggregate;
    return new PotterError("aborted", `${name} ${this.stream.id} is changed by too many callers at once; try again`);
  }

  private toRecord(record: RunRecord, response: unknown): CommandRecord {
    const codec = this.kind.command.method.response;
    return { ...record, response: codec.encode(response), codec };
  }

  /** The id is known only if the caller gave it. */
  private recorded(response: Uint8Array, version: number): CallResult {
    const message = this.kind.command.method.response.decode(response);
    return { response: message, version, ...(!this.isNew && { id: this.stream.id }) };
  }
}

function reused(): PotterError {
  return new PotterError("already_exists", "another request was made under this command id");
}
