import type { JsonValue } from "@bufbuild/protobuf";
import { isPromise } from "../../async/index.js";
import {
  type CallResult,
  CreatedItems,
  isStream,
  type Logger,
  logFault,
  RunningStream,
  streamItemIdOf,
} from "../../cqrs/index.js";
import { PotterError } from "../../errors/index.js";
import {
  type BoundMethod,
  type CallerOptions,
  type HttpRequest,
  identifyWithin,
  invokeWithin,
  releaseIterator,
  type SendQueue,
  toFields,
} from "../../http/index.js";
import { failureFrame } from "./call-errors.js";
import { creditFrame, positionFrame, resultFrame } from "./frames.js";
import type { CallMetadata } from "./metadata.js";
import { type Backlog, RequestItems } from "./request-items.js";
import { type ItemSource, ResponseItems } from "./response-items.js";
import type { SharedItems } from "./shared-items.js";
import { SocketCall } from "./socket-call.js";

/** What the calls of a connection share. */
export interface CallDependencies {
  readonly handshake: HttpRequest;
  readonly queue: SendQueue;
  readonly backlog: Backlog;
  readonly credit: number;
  readonly maxTimeout: number | undefined;
  readonly logger: Logger;
  /** Identifies the caller of a call. Rejects if it is refused. */
  callerOf(): CallerOptions | undefined | Promise<CallerOptions | undefined>;
}

/** A request for a call. */
export interface CallRequest {
  /** The id as JSON. */
  readonly id: string;
  readonly bound: BoundMethod;
  /** The items of all streams of the method. */
  readonly shared: SharedItems;
  /** The message. Absent: an empty one. */
  readonly request: JsonValue | undefined;
  readonly metadata: CallMetadata;
  /** Called when the call is answered, so that its id is free. */
  onAnswer(): void;
}

/** One call, from its request to its answer. */
export class SocketMethodCall {
  /** Resolves when all work for the call has ended, and its answer was sent. Never rejects. */
  readonly ended: Promise<void>;
  /** Whether the response is a stream. */
  readonly isStream: boolean;
  private readonly request: CallRequest;
  private readonly dependencies: CallDependencies;
  /** The stream of requests, if the method takes one. */
  private readonly items: RequestItems | undefined;
  private readonly isWanted = (): boolean => !this.isOver;
  private call: SocketCall | undefined;
  private responses: ResponseItems | undefined;
  private resolveEnded!: () => void;
  /** Credit that arrived before the stream began. */
  private earlyCredit = 0;
  /** Ends the wait for the caller. Set while it lasts. */
  private stopIdentifying: ((error: unknown) => void) | undefined;
  private answerSent: Promise<void> | undefined;
  /** Whether the call is answered, or its client has gone. */
  private isOver = false;

  constructor(request: CallRequest, dependencies: CallDependencies) {
    this.request = request;
    this.dependencies = dependencies;
    const { stream } = request.bound.method;
    this.isStream = isStream(request.bound.method);
    if (stream === "client" || stream === "bidi") {
      const { credit, backlog, queue } = dependencies;
      this.items = new RequestItems(credit, backlog, (items) => {
        if (!this.isOver) queue.send(creditFrame(request.id, items), this.isWanted);
      });
    }
    this.ended = new Promise((resolve) => {
      this.resolveEnded = resolve;
    });
    void this.run();
  }

  /** Receives an item of the client. `size`: that of its frame. */
  item(json: JsonValue | undefined, size: number): void {
    const { items } = this;
    const { request: codec } = this.request.bound.method;
    try {
      if (items === undefined) throw new PotterError("invalid_argument", noStream);
      if (items.isComplete) {
        throw new PotterError("invalid_argument", "an item follows the end of the stream of requests");
      }
      if (!items.admits(size)) throw new PotterError("resource_exhausted", "the stream has no credit for this item");
      items.add(codec.fromJson(json ?? null), size);
    } catch (error) {
      this.end(error);
    }
  }

  /** The client sends no more items. */
  complete(): void {
    if (this.items === undefined) this.end(new PotterError("invalid_argument", noStream));
    else this.items.complete();
  }

  /** The client accepts more items. */
  grant(items: number): void {
    if (this.responses === undefined) this.earlyCredit += items;
    else this.responses.grant(items);
  }

  /** Ends the call because the server stops, unless it is one that has begun and ends by itself. */
  stop(error: PotterError): void {
    const unprocessed = this.call === undefined;
    if (this.isStream || (unprocessed && this.stopIdentifying !== undefined)) this.end(error, unprocessed);
  }

  /** Aborts the call and answers it with an error. `unprocessed`: it was certainly not begun. */
  end(error: unknown, unprocessed = false): void {
    if (this.isOver) return;
    this.answer(this.toFailure(error, unprocessed));
    this.abort(error);
  }

  /** Aborts the call without an answer, since the client has gone. */
  drop(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.abort(new PotterError("cancelled", "the client disconnected"));
  }

  /** Ends when a stream of responses has begun: one that waits would keep what async functions need. */
  private async run(): Promise<void> {
    try {
      await this.execute();
    } catch (error) {
      this.fail(error);
    }
    if (this.responses === undefined) this.finish();
  }

  private fail(error: unknown): void {
    // A failure after the answer is a consequence of it.
    if (this.isOver) return;
    const { service, name } = this.request.bound.method;
    const { correlationId } = this.call ?? {};
    logFault(this.dependencies.logger, "request failed", error, { method: `${service}.${name}`, correlationId });
    this.answer(this.toFailure(error));
  }

  private finish(): void {
    this.items?.return();
    if (this.answerSent === undefined) this.resolveEnded();
    else this.answerSent.then(this.resolveEnded);
  }

  private async execute(): Promise<void> {
    const { queue, handshake, callerOf } = this.dependencies;
    // Executes nothing for a client that reads no answers.
    const room = queue.waitForRoom(this.isWanted);
    if (room !== undefined) await room;
    const { id, bound, request, metadata } = this.request;
    const found = callerOf();
    const limit = this.limit;
    const { caller, left } = isPromise(found)
      ? await identifyWithin(() => this.untilEnded(found), bound.method, limit, this.isChosen)
      : { caller: found, left: limit };
    if (this.isOver) return;
    const { request: codec } = bound.method;
    this.call = new SocketCall(handshake, metadata, caller);
    const message = this.items ?? (request === undefined ? codec.create() : codec.fromJson(request));
    const result = await this.invoke(this.call, message, left);
    if (this.isStream) return this.follow(this.call, result);
    if (!this.isOver) this.answer(resultFrame(id, this.toResult(result, this.call)));
  }

  /** Waits for the caller until the call ends: a `caller` that never answers must not keep a connection that stops. */
  private untilEnded<T>(found: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.stopIdentifying = reject;
      found.then(resolve, reject);
    });
  }

  /** How long the call may take, in milliseconds. undefined: as long as it likes. */
  private get limit(): number | undefined {
    const { timeout } = this.request.metadata;
    const { maxTimeout } = this.dependencies;
    return timeout === undefined ? maxTimeout : Math.min(timeout, maxTimeout ?? Number.POSITIVE_INFINITY);
  }

  /** Whether the client has chosen how long the call may take. */
  private get isChosen(): boolean {
    return this.limit !== this.dependencies.maxTimeout;
  }

  private invoke(call: SocketCall, message: unknown, limit: number | undefined): Promise<CallResult> {
    const { bound } = this.request;
    if (limit === undefined) return bound.invoke(message, call);
    return invokeWithin(bound, message, call, limit, this.isChosen);
  }

  private async follow(call: SocketCall, { response }: CallResult): Promise<void> {
    const { queue } = this.dependencies;
    const { id, bound, metadata, shared } = this.request;
    const { response: codec } = bound.method;
    const stream = response as AsyncIterable<unknown>;
    const start = streamItemIdOf(stream);
    // Not the one that the client has sent itself, which may turn out to be lost.
    if (start !== undefined && start !== metadata.after && !this.isOver)
      await queue.send(positionFrame(id, start), this.isWanted);
    if (this.isOver) return releaseIterator(stream[Symbol.asyncIterator]());
    const created = skipCreation(stream);
    const write = (item: unknown): string => codec.toJsonText(created === undefined ? item : created.create(item));
    const send = (item: unknown): Promise<void> | undefined => queue.send(shared.frame(id, item, write), this.isWanted);
    const { credit = Number.POSITIVE_INFINITY } = metadata;
    const ended = (failure?: { readonly error: unknown }): void => {
      shared.leave();
      if (failure !== undefined) this.fail(failure.error);
      else if (!this.isOver) this.answer(resultFrame(id, `{${toMetadataText(call).slice(1)}}`));
      this.finish();
    };
    shared.join();
    this.responses = new ResponseItems({ source: toSource(stream), send, credit, ended });
    if (this.earlyCredit > 0) this.responses.grant(this.earlyCredit);
  }

  private toResult({ response, version }: CallResult, call: SocketCall): string {
    const text = this.request.bound.method.response.toJsonText(response);
    const versions = version === undefined ? "" : `,"version":${version}`;
    return `{"response":${text}${versions}${toMetadataText(call)}}`;
  }

  private toFailure(error: unknown, unprocessed = false): string {
    const { call } = this;
    const { id, metadata, bound } = this.request;
    const correlationId = call?.correlationId ?? metadata.correlationId;
    const { addedHeaders: headers, addedTrailers: trailers } = call ?? {};
    return failureFrame(id, error, { correlationId, headers, trailers, method: bound.method, unprocessed });
  }

  private answer(text: string): void {
    this.isOver = true;
    this.answerSent = this.dependencies.queue.send(text, () => true);
    this.request.onAnswer();
  }

  private abort(error: unknown): void {
    this.stopIdentifying?.(error);
    this.items?.fail(error);
    this.call?.abort(error);
    this.responses?.stop();
  }
}

/**
 * From now on the stream delivers what the handler returned, if messages are created from it one by one. Returns what creates them:
 * those that are written once for many streams need to be created only once.
 */
function skipCreation(stream: AsyncIterable<unknown>): CreatedItems | undefined {
  if (!(stream instanceof RunningStream)) return undefined;
  const created = stream.items;
  // A handler may also return what only a loop accepts, such as a list.
  if (!(created instanceof CreatedItems) || created.source?.[Symbol.asyncIterator] === undefined) return undefined;
  stream.items = created.source;
  return created;
}

function toSource(stream: AsyncIterable<unknown>): ItemSource {
  if (stream instanceof RunningStream) return stream;
  const iterator = stream[Symbol.asyncIterator]();
  return {
    pull: (take, fail) => void iterator.next().then(take, fail),
    return: async () => iterator.return?.(),
  };
}

const noStream = "the method takes no stream of requests";

/** What the handler has added to the response, as further members of a result. */
function toMetadataText({ addedHeaders, addedTrailers }: SocketCall): string {
  if (addedHeaders === undefined && addedTrailers === undefined) return "";
  const headers = addedHeaders && `,"headers":${JSON.stringify(toFields(addedHeaders))}`;
  const trailers = addedTrailers && `,"trailers":${JSON.stringify(toFields(addedTrailers))}`;
  return `${headers ?? ""}${trailers ?? ""}`;
}
