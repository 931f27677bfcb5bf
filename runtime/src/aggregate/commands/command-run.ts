import { type Call, type CallResult, isAborted, isRejection, toError } from "../../cqrs/index.js";
import { isTemporary, PotterError } from "../../errors/index.js";
import type {
  ApplyInline,
  CommandRecord,
  EventStore,
  RecordedCommand,
  StateWriteResult,
  StreamId,
} from "../../store/ports/index.js";
import {
  type Behaviour,
  type CommandDecision,
  type DefaultDecideContext,
  type Loaded,
  valueTaken,
} from "../decision/index.js";
import type { CommandDefinition, NewEvent } from "../declaration/index.js";
import type { RecordContext, Step } from "../repository/index.js";
import { applyInOrder, type JoinedRows, joinedRowsOf } from "./joined-rows.js";

/** A command of an aggregate, with what all of its calls share. */
export interface CommandKind {
  readonly behaviour: Behaviour;
  readonly command: CommandDefinition;
  readonly decision: CommandDecision;
  readonly commands: Pick<EventStore, "findCommand">;
}

/** The id and the hashed request of a command that must be carried out at most once. */
export type RunRecord = Pick<CommandRecord, "id" | "requestHash">;

/** What a command leads to on some state, with its response. */
export interface DecidedCall {
  readonly events: readonly NewEvent[];
  readonly response: unknown;
  after(): unknown;
}

/** One call of a command of an aggregate: how it is decided on a state, and what its caller receives. */
export class CommandRun {
  readonly stream: StreamId;
  /** What is recorded so that a repeated call replays the response. undefined: the call has no command id. */
  readonly record: RunRecord | undefined;
  private readonly kind: CommandKind;
  private readonly call: Call;
  private readonly isNew: boolean;
  private readonly joined: JoinedRows | undefined;
  private readonly ctx: DefaultDecideContext;
  /** The last error of the decider. */
  private refusal: unknown;

  /** `isNew`: the request names no aggregate, so an id is generated. Throws if the request must name one. */
  constructor(kind: CommandKind, call: Call, isNew: boolean, record: RunRecord | undefined) {
    this.kind = kind;
    this.call = call;
    this.isNew = isNew;
    this.record = record;
    this.joined = joinedRowsOf(call.context);
    this.ctx = kind.decision.createContext(call);
    this.stream = { tenant: call.context.tenant, type: kind.behaviour.aggregate.type, id: this.ctx.id };
  }

  get signal(): AbortSignal | undefined {
    return this.call.context.signal;
  }

  /** Whether the contract says that its aggregate must not exist yet. */
  get creates(): boolean {
    return this.kind.command.creates === true;
  }

  /** Whether its aggregate does not exist, or probably does not: a record at version 0 says so. */
  get isFirst(): boolean {
    return this.isNew || this.creates;
  }

  /** Whether its caller has gone. Does not create a signal: most queued commands never need one. */
  get isAborted(): boolean {
    return isAborted(this.call.context);
  }

  /** Throws the error that the caller receives if the command is refused on this state. */
  decide(loaded: Loaded): DecidedCall {
    try {
      const decided = this.kind.decision.decide(loaded, this.call, this.ctx);
      if (isRejection(decided)) throw toError(decided);
      const { events, after } = decided;
      return { events, after, response: decided.response() };
    } catch (error) {
      this.refusal = error;
      throw error;
    }
  }

  /** Whether there is something to record. */
  leadsTo({ events }: DecidedCall): boolean {
    return events.length > 0 || this.record !== undefined || this.joined !== undefined;
  }

  toStep<L extends Loaded>(
    loaded: L,
    { events, after, response }: DecidedCall,
    inline?: RecordContext["inline"],
  ): Step<L> {
    const { context } = this.call;
    const { record, stream, joined } = this;
    const origin: { -readonly [K in keyof RecordContext]: RecordContext[K] } = {
      correlationId: context.correlationId,
      causationId: context.commandId,
      metadata: context.user === "" ? context.metadata : { ...context.metadata, user: context.user },
    };
    if (record !== undefined) origin.command = this.toRecord(record, response);
    const join: ApplyInline | undefined =
      joined && ((_, rows) => joined.apply({ response, version: loaded.version + events.length }, rows));
    const apply = join === undefined ? inline : applyInOrder([inline, join]);
    if (apply !== undefined) origin.inline = apply;
    return { stream, loaded, events, after, newId: () => context.newId(), context: origin };
  }

  /** The result when the decision is recorded, or there was nothing to record. */
  toResult({ response }: DecidedCall, version: number, position: number): CallResult {
    const { id } = this.stream;
    // What has joined rows is always recorded.
    return this.joined === undefined
      ? { response, version, position, id }
      : { response, version, position, id, joined: true };
  }

  /** The result when the decision was not recorded, for another reason than a conflict. Throws the error that the caller receives. */
  settle(result: Exclude<StateWriteResult, { kind: "appended" | "conflict" }>): CallResult {
    const { aggregate } = this.kind.behaviour;
    if (result.kind === "command_mismatch") throw commandIdReused();
    if (result.kind === "closed") {
      throw new PotterError("failed_precondition", `the ${aggregate.name} was closed for good`);
    }
    if (result.kind === "value_taken") throw valueTaken(aggregate, result.index);
    return this.toReplay(result.response, result.version);
  }

  /**
   * The result of a command with an id that failed: the recorded response, if it was carried out before, because then it
   * was decided on a state that contains it. Otherwise throws the error.
   */
  async failed(error: unknown): Promise<CallResult> {
    // A store that cannot be reached is not asked again; what a decider refuses may have any code.
    if (this.record === undefined || (error !== this.refusal && isTemporary(error))) throw error;
    const { id, requestHash } = this.record;
    let found: RecordedCommand | undefined;
    try {
      found = await this.kind.commands.findCommand(this.stream.tenant, id);
    } catch {
      throw error;
    }
    if (found === undefined) throw error;
    if (found.requestHash !== requestHash) throw commandIdReused();
    return this.toReplay(found.response, found.version);
  }

  contended(): PotterError {
    const { name } = this.kind.behaviour.aggregate;
    return new PotterError("aborted", `${name} ${this.stream.id} is changed by too many callers at once; try again`);
  }

  private toRecord(record: RunRecord, response: unknown): CommandRecord {
    const codec = this.kind.command.method.response;
    return { ...record, response: codec.encode(response), codec };
  }

  /** The id is known only if the request names it. */
  private toReplay(response: Uint8Array, version: number): CallResult {
    const message = this.kind.command.method.response.decode(response);
    return { response: message, version, ...(!this.isNew && { id: this.stream.id }) };
  }
}

function commandIdReused(): PotterError {
  return new PotterError("already_exists", "another request was made under this command id");
}
