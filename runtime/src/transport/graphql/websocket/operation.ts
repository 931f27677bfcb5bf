import { type ExecutionResult, GraphQLError } from "graphql";
import { type Logger, logFault } from "../../../cqrs/index.js";
import type { SendQueue } from "../../../http/index.js";
import { getResumePosition, toGraphQLError } from "../context/index.js";
import {
  type GraphQLEngine,
  JsonResult,
  type OperationParams,
  type PreparedOperation,
  toJsonText,
} from "../engine/index.js";
import { completeMessage, errorMessage, nextMessage } from "./messages.js";

/** What the operations of a connection share. */
export interface OperationDependencies {
  readonly engine: GraphQLEngine;
  readonly sendQueue: SendQueue;
  readonly logger: Logger;
  /** Creates the context of an operation. */
  contextOf(params: OperationParams, signal: AbortSignal, isStream: boolean): Promise<object>;
}

/** One operation of a connection, from `subscribe` to `complete` or `error`. */
export class SocketOperation {
  /** Resolves when all work for the operation has ended. Never rejects. */
  readonly ended: Promise<void>;
  private readonly dependencies: OperationDependencies;
  private readonly params: OperationParams;
  /** The id as JSON. */
  private readonly id: string;
  private readonly end: AbortController = new AbortController();
  private readonly isWanted = (): boolean => !this.isOver;
  private results: AsyncIterator<ExecutionResult> | undefined;
  /** Ends the wait for a result. */
  private stop: (() => void) | undefined;
  /** Whether a query or a mutation is being executed. */
  private executing = false;
  private isOver = false;

  constructor(id: string, params: OperationParams, dependencies: OperationDependencies) {
    this.dependencies = dependencies;
    this.params = params;
    this.id = JSON.stringify(id);
    this.ended = this.run();
  }

  /** Ends the operation without a message, since the client completed it or has disconnected. */
  cancel(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.end.abort();
    this.closeResults();
    this.stop?.();
  }

  /** Finishes a query or mutation that is being executed, and returns a promise of its end. Cancels any other operation. */
  finishOrCancel(): Promise<void> | undefined {
    if (this.executing && !this.isOver) return this.ended;
    this.cancel();
    return undefined;
  }

  private async run(): Promise<void> {
    try {
      await this.prepareAndRun();
    } catch (error) {
      await this.fail(error);
    }
    this.isOver = true;
  }

  private async prepareAndRun(): Promise<void> {
    const { engine, sendQueue } = this.dependencies;
    const located = engine.locate(this.params);
    const found = "then" in located ? await located : located;
    if (this.isOver) return;
    const prepared = "kind" in found ? found : engine.prepare(found);
    if (prepared.kind === "refused") return this.send(errorMessage(this.id, prepared.errors));
    const isStream = prepared.operation === "subscription";
    // Executes nothing for a client that reads no results.
    await sendQueue.waitForRoom(this.isWanted);
    if (this.isOver) return;
    const context = await this.dependencies.contextOf(this.params, this.end.signal, isStream);
    if (this.isOver) return;
    await (isStream ? this.follow(prepared, context) : this.execute(prepared, context));
  }

  private async execute(prepared: PreparedOperation, context: object): Promise<void> {
    this.executing = true;
    const result = await this.dependencies.engine.execute(prepared, context);
    if (this.isOver) return;
    if (!("data" in result)) return this.send(errorMessage(this.id, result.errors ?? []));
    await this.send(nextMessage(this.id, toJsonText(result)));
    await this.send(completeMessage(this.id));
  }

  private async follow(prepared: PreparedOperation, context: object): Promise<void> {
    const opened = await this.dependencies.engine.subscribe(prepared, context);
    if (!(Symbol.asyncIterator in opened)) return this.send(errorMessage(this.id, opened.errors ?? []));
    this.results = opened;
    if (this.isOver) return this.closeResults();
    await this.sendResults(opened, createResultWriter(this.id, context));
    return this.send(completeMessage(this.id));
  }

  /**
   * Sends results, each when the client can receive it, until the source ends or the operation is cancelled; then a pending
   * result is not awaited. Uses callbacks, since an async loop would cost several promises for each result.
   */
  private sendResults(
    results: AsyncIterator<ExecutionResult>,
    write: (result: ExecutionResult) => string,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const take = (step: IteratorResult<ExecutionResult>): void => {
        if (this.isOver || step.done === true) {
          resolve();
          return;
        }
        // Not by `catch`, which would create one more promise for each result.
        try {
          const wait = this.send(write(step.value));
          if (wait === undefined) pull();
          else wait.then(pull, reject);
        } catch (error) {
          reject(error);
        }
      };
      const pull = (): void => {
        if (this.isOver) resolve();
        else results.next().then(take, reject);
      };
      this.stop = resolve;
      pull();
    });
  }

  private send(text: string): Promise<void> | undefined {
    return this.isOver ? undefined : this.dependencies.sendQueue.send(text, this.isWanted);
  }

  private async fail(error: unknown): Promise<void> {
    this.closeResults();
    // A failure after cancellation is a consequence of it.
    if (this.isOver) return;
    const isForClient = error instanceof GraphQLError && error.extensions["code"] !== undefined;
    const clientError = isForClient ? error : toGraphQLError(error);
    if (!isForClient) logFault(this.dependencies.logger, "a GraphQL operation failed", error);
    await this.send(errorMessage(this.id, [clientError]));
  }

  private closeResults(): void {
    this.results?.return?.().catch(() => {});
  }
}

/** Writes the results of a subscription as messages, with `extensions.lastEventId` whenever the position has changed. */
function createResultWriter(id: string, context: object): (result: ExecutionResult) => string {
  let sentPosition: string | undefined;
  return (result) => {
    const position = getResumePosition(context);
    const changed = position === sentPosition ? undefined : position;
    sentPosition = position;
    const write = (): string => nextMessage(id, withPosition(result, changed));
    return result instanceof JsonResult ? result.textFor(id, changed, write) : write();
  };
}

function withPosition(result: ExecutionResult, position: string | undefined): string {
  if (position === undefined) return toJsonText(result);
  const { extensions } = result;
  if (extensions !== undefined) {
    return JSON.stringify({ ...result, extensions: { ...extensions, lastEventId: position } });
  }
  return `${toJsonText(result).slice(0, -1)},"extensions":{"lastEventId":${JSON.stringify(position)}}}`;
}
