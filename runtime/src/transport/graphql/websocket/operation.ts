import { type ExecutionResult, GraphQLError } from "graphql";
import { type Logger, logFault } from "../../../cqrs/index.js";
import { placeOf, toGraphQLError } from "../context/index.js";
import { type GraphQLEngine, type OperationParams, type PreparedOperation, textOf } from "../engine/index.js";
import { completeMessage, errorMessage, nextMessage } from "./messages.js";
import type { Outflow } from "./send-queue.js";

/** What the operations of a connection have in common. */
export interface OperationSurroundings {
  readonly engine: GraphQLEngine;
  readonly outflow: Outflow;
  readonly logger: Logger;
  /** The context in which an operation is executed. */
  contextOf(params: OperationParams, signal: AbortSignal, isStream: boolean): Promise<object>;
}

/** One operation of a connection, from `subscribe` to `complete` or `error`. */
export class Operation {
  /** Resolves when no work is done for it any more. Never rejects. */
  readonly ended: Promise<void>;
  private readonly around: OperationSurroundings;
  private readonly params: OperationParams;
  /** As JSON. */
  private readonly id: string;
  private readonly end: AbortController = new AbortController();
  private readonly isWanted = (): boolean => !this.over;
  private results: AsyncIterator<ExecutionResult> | undefined;
  /** Ends the wait for a result. */
  private stop: (() => void) | undefined;
  /** Whether it is a query or a mutation that is being executed. */
  private executing = false;
  private over = false;

  constructor(id: string, params: OperationParams, around: OperationSurroundings) {
    this.around = around;
    this.params = params;
    this.id = JSON.stringify(id);
    this.ended = this.run();
  }

  /** Ends it without a word: the client wants no more of it, or has gone. */
  cancel(): void {
    if (this.over) return;
    this.over = true;
    this.end.abort();
    this.letGo();
    this.stop?.();
  }

  /** Lets a query or mutation that is being executed be answered, for which it gives a promise; ends everything else without a word. */
  leave(): Promise<void> | undefined {
    if (this.executing && !this.over) return this.ended;
    this.cancel();
    return undefined;
  }

  private async run(): Promise<void> {
    try {
      await this.carryOut();
    } catch (error) {
      await this.fail(error);
    }
    this.over = true;
  }

  private async carryOut(): Promise<void> {
    const { engine, outflow } = this.around;
    const located = engine.locate(this.params);
    const found = "then" in located ? await located : located;
    if (this.over) return;
    const prepared = "kind" in found ? found : engine.prepare(found);
    if (prepared.kind === "refused") return this.send(errorMessage(this.id, prepared.errors));
    const isStream = prepared.operation === "subscription";
    // For a client that reads no answers nothing more is executed.
    await outflow.room(this.isWanted);
    if (this.over) return;
    const context = await this.around.contextOf(this.params, this.end.signal, isStream);
    if (this.over) return;
    await (isStream ? this.follow(prepared, context) : this.execute(prepared, context));
  }

  private async execute(prepared: PreparedOperation, context: object): Promise<void> {
    this.executing = true;
    const result = await this.around.engine.execute(prepared, context);
    if (this.over) return;
    if (!("data" in result)) return this.send(errorMessage(this.id, result.errors ?? []));
    await this.send(nextMessage(this.id, JSON.stringify(result)));
    await this.send(completeMessage(this.id));
  }

  private async follow(prepared: PreparedOperation, context: object): Promise<void> {
    const opened = await this.around.engine.subscribe(prepared, context);
    if (!(Symbol.asyncIterator in opened)) return this.send(errorMessage(this.id, opened.errors ?? []));
    this.results = opened;
    if (this.over) return this.letGo();
    await this.pass(opened, createTelling(context));
    return this.send(completeMessage(this.id));
  }

  /**
   * Sends results, each when the client can take it, until there are no more or it wants none: a source that is at work on one need not be waited
   * for. No loop that waits, which would cost several promises for each of them.
   */
  private pass(results: AsyncIterator<ExecutionResult>, tell: (result: ExecutionResult) => string): Promise<void> {
    return new Promise((resolve, reject) => {
      const take = (step: IteratorResult<ExecutionResult>): void => {
        const isLast = this.over || step.done === true;
        const wait = isLast ? undefined : this.send(nextMessage(this.id, tell(step.value)));
        if (isLast) resolve();
        else if (wait === undefined) ask();
        else wait.then(ask);
      };
      const ask = (): void => {
        if (this.over) resolve();
        else results.next().then(take).catch(reject);
      };
      this.stop = resolve;
      ask();
    });
  }

  private send(text: string): Promise<void> | undefined {
    return this.over ? undefined : this.around.outflow.send(text, this.isWanted);
  }

  private async fail(error: unknown): Promise<void> {
    this.letGo();
    // What fails because it was ended has not failed.
    if (this.over) return;
    const isTold = error instanceof GraphQLError && error.extensions["code"] !== undefined;
    const told = isTold ? error : toGraphQLError(error);
    if (!isTold) logFault(this.around.logger, "a GraphQL operation failed", error);
    await this.send(errorMessage(this.id, [told]));
  }

  private letGo(): void {
    this.results?.return?.().catch(() => {});
  }
}

/** What is told of the results of a subscription: with its place in `extensions`, where that is a new one. */
function createTelling(context: object): (result: ExecutionResult) => string {
  let told: string | undefined;
  return (result) => {
    const place = placeOf(context);
    if (place === told) return textOf(result);
    told = place;
    const { extensions } = result;
    if (extensions !== undefined) {
      return JSON.stringify({ ...result, extensions: { ...extensions, lastEventId: place } });
    }
    return `${textOf(result).slice(0, -1)},"extensions":{"lastEventId":${JSON.stringify(place)}}}`;
  };
}
