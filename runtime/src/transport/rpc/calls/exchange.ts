import { type CallResult, followStream, type Logger, logFault, type Metadata, runWithin } from "../../../cqrs/index.js";
import {
  type CallerOptions,
  correlationIdOf,
  type HttpFields,
  type HttpRequest,
  invokeWithin,
  RequestCall,
  releaseIterator,
  type TransportHost,
} from "../../../http/index.js";
import { type ErrorReport, toReport } from "../status/index.js";
import { CallScope } from "./call-scope.js";
import type { Endpoint } from "./endpoint.js";
import { toResponseFields } from "./response-fields.js";
import { ResponseItems } from "./response-items.js";

/** What all calls of a transport need. */
export interface ExchangeContext {
  readonly identify: TransportHost["identify"];
  readonly logger: Logger;
  /** The longest time that a call may take, in milliseconds, or Infinity. */
  readonly maxTimeout: number;
}

/** The request of a call whose request or response is a stream. */
export interface RequestSource {
  /** Resolves with the message, or with an iterable of messages. Called when the caller is known. */
  read(): Promise<unknown>;
  /** Of a stream: resolves when the handler has its first message, or knows that there is none. */
  readonly begun?: Promise<void>;
  /** The call has ended: discards what was not read. */
  release(): void;
}

/** A call whose caller is known, with its request. */
interface OpenedCall {
  readonly call: RequestCall;
  readonly message: unknown;
}

/** One request to a method, from its caller to the result of the call. */
export class Exchange {
  readonly endpoint: Endpoint;
  readonly request: HttpRequest;
  readonly correlationId: string;
  private readonly context: ExchangeContext;
  private call: RequestCall | undefined = undefined;
  private sendsMetadata = true;

  constructor(endpoint: Endpoint, request: HttpRequest, context: ExchangeContext) {
    this.endpoint = endpoint;
    this.request = request;
    this.context = context;
    this.correlationId = correlationIdOf(request);
  }

  /** Calls an unary method. `read` reads the request, after the caller is known. `timeout`: in milliseconds, or Infinity. */
  unary(timeout: number, read: () => Promise<unknown>): Promise<CallResult> {
    const limit = Math.min(timeout, this.context.maxTimeout);
    if (limit === Number.POSITIVE_INFINITY) return this.invoke(read, undefined);
    if (this.request.header("potter-wait-for") !== undefined) return this.wait(limit, read);
    const run = (signal: AbortSignal): Promise<CallResult> => this.invoke(read, signal);
    return runWithin(limit, this.endpoint.method, this.request.signal, run, followStream, this.isChosen(limit));
  }

  /** Calls a method that takes a stream of requests and returns one response. */
  async clientStream(timeout: number, open: (scope: CallScope) => RequestSource): Promise<CallResult> {
    const scope = this.openScope(timeout);
    const source = open(scope);
    try {
      return await scope.race(this.invoke(() => source.read(), scope.signal));
    } finally {
      source.release();
      scope.end();
    }
  }

  /** Calls a method that returns a stream, and waits a moment for its first item. */
  async serverStream(timeout: number, open: (scope: CallScope) => RequestSource): Promise<ResponseItems> {
    const scope = this.openScope(timeout);
    const source = open(scope);
    const end = (): void => {
      source.release();
      scope.end();
    };
    const invoked = this.invoke(() => source.read(), scope.signal);
    let items: ResponseItems;
    try {
      const { response } = await scope.race(invoked);
      items = new ResponseItems(response as AsyncIterable<unknown>, scope, end);
    } catch (error) {
      end();
      invoked.then(releaseResponse, () => {});
      throw error;
    }
    await items.start(source.begun);
    return items;
  }

  /** Whether the handler has added headers to the response. */
  get hasHeaders(): boolean {
    const added = this.sendsMetadata ? this.call?.addedHeaders : undefined;
    return added !== undefined && added[Symbol.iterator]().next().done !== true;
  }

  /** The headers that the handler has added to the response. Throws a PotterError `internal` for invalid ones, once. */
  headers(reserved: HttpFields): HttpFields {
    return this.fieldsOf(this.call?.addedHeaders, reserved);
  }

  /** The trailers that the handler has added to the response. Throws a PotterError `internal` for invalid ones, once. */
  trailers(reserved: HttpFields): HttpFields {
    return this.fieldsOf(this.call?.addedTrailers, reserved);
  }

  /** Returns what the client may know of an error. Logs it, unless the bus has. */
  report(error: unknown): ErrorReport {
    const { method } = this.endpoint;
    const { correlationId } = this;
    logFault(this.context.logger, "request failed", error, {
      method: `${method.service}.${method.name}`,
      correlationId,
    });
    return toReport(error, correlationId);
  }

  private fieldsOf(metadata: Metadata | undefined, reserved: HttpFields): HttpFields {
    if (metadata === undefined || !this.sendsMetadata) return noFields;
    try {
      return toResponseFields(metadata, reserved);
    } catch (error) {
      // The response that reports it has none.
      this.sendsMetadata = false;
      throw error;
    }
  }

  private openScope(timeout: number): CallScope {
    const { method, reportsStop } = this.endpoint;
    const limit = Math.min(timeout, this.context.maxTimeout);
    return new CallScope(method.name, this.request.signal, limit, this.isChosen(limit), reportsStop);
  }

  private invoke(read: () => Promise<unknown>, signal: AbortSignal | undefined): Promise<CallResult> {
    return this.open(read).then(({ call, message }) => {
      call.deadline = signal;
      return this.endpoint.bound.invoke(message, call);
    });
  }

  /** Calls an unary method whose client waits for its effects: the deadline ends that wait, and does not fail the call. */
  private async wait(limit: number, read: () => Promise<unknown>): Promise<CallResult> {
    const { method, bound } = this.endpoint;
    const isChosen = this.isChosen(limit);
    const start = performance.now();
    const opened = await runWithin(
      limit,
      method,
      this.request.signal,
      () => this.open(read),
      (result) => result,
      isChosen,
    );
    const left = Math.max(1, limit - (performance.now() - start));
    return invokeWithin(bound, opened.message, opened.call, left, isChosen);
  }

  /** Whether the client has chosen a limit, and not the app. */
  private isChosen(limit: number): boolean {
    return limit !== this.context.maxTimeout;
  }

  /** Identifies the caller, and reads the request. */
  // By `then`: each async function on the way of an unary call makes more garbage than the call itself.
  private open(read: () => Promise<unknown>): Promise<OpenedCall> {
    const { identify } = this.context;
    if (identify === undefined || this.endpoint.isPublic)
      return read().then((message) => this.begin(message, undefined));
    return identify(this.request).then((caller) => read().then((message) => this.begin(message, caller)));
  }

  private begin(message: unknown, caller: CallerOptions | undefined): OpenedCall {
    const call = new RequestCall(this.request, this.endpoint.kind, this.correlationId, caller);
    this.call = call;
    return { call, message };
  }
}

const noFields: HttpFields = Object.freeze({});

/** Returns a stream that nobody reads. */
function releaseResponse({ response }: CallResult): void {
  releaseIterator((response as AsyncIterable<unknown>)[Symbol.asyncIterator]());
}
