import { PotterError } from "../../errors/index.js";
import type { BoundMethod } from "../../http/index.js";
import { type CallDependencies, SocketMethodCall } from "./call.js";
import { failureFrame, invalidParams, invalidParamsFrame, unknownMethodFrame } from "./call-errors.js";
import type { FrameId, Notification, Request } from "./frames.js";
import { isCredit, readMetadata } from "./metadata.js";
import type { SharedItems } from "./shared-items.js";

/** A method of the app, with what all its streams share. */
export interface ServedMethod {
  readonly bound: BoundMethod;
  readonly shared: SharedItems;
}

/** What the calls of one connection are made from. */
export interface CallsOptions extends CallDependencies {
  /** The methods of the app, by `package.Service/Method`. */
  readonly methods: ReadonlyMap<string, ServedMethod>;
  /** Maximum number of running calls. */
  readonly limit: number;
}

/** The calls of one connection. */
export class Calls {
  private readonly options: CallsOptions;
  /** Calls that are not answered, by id. */
  private readonly byId: Map<FrameId, SocketMethodCall> = new Map();
  /** Calls that are still running or whose answer waits, cancelled ones included. */
  private readonly running: Set<SocketMethodCall> = new Set();

  constructor(options: CallsOptions) {
    this.options = options;
  }

  /** Whether a call with this id is not answered. */
  has(id: FrameId): boolean {
    return this.byId.has(id);
  }

  /** Starts a call, or answers why it does not run. */
  start(request: Request): void {
    const refusal = this.tryStart(request, JSON.stringify(request.id));
    if (refusal !== undefined) this.options.queue.reply(refusal);
  }

  private tryStart({ id, method, params }: Request, text: string): string | undefined {
    const { methods, limit } = this.options;
    const served = methods.get(method);
    if (served === undefined) return unknownMethodFrame(text);
    if (this.running.size >= limit) {
      const message = `more than ${limit} calls are running on this connection (the option calls of webSocket)`;
      return failureFrame(text, new PotterError("resource_exhausted", message), { unprocessed: true });
    }
    const [request, given, ...more] = params;
    const { bound, shared } = served;
    const { stream } = bound.method;
    try {
      if (more.length > 0) throw invalidParams("params must be the request and, optionally, its metadata");
      if ((stream === "client" || stream === "bidi") && (request ?? null) !== null) {
        throw invalidParams("the request must be null: the method takes a stream of requests, which follow by $/item");
      }
      const metadata = readMetadata(given, bound.method);
      const onAnswer = (): void => void this.byId.delete(id);
      const call = new SocketMethodCall({ id: text, bound, shared, request, metadata, onAnswer }, this.options);
      this.byId.set(id, call);
      this.running.add(call);
      call.ended.then(() => this.running.delete(call));
      return undefined;
    } catch (error) {
      return invalidParamsFrame(text, error);
    }
  }

  /** Passes a notification to its call, which may have ended meanwhile. Returns what is wrong with it, if anything. */
  notify({ method, params }: Notification, size: number): string | undefined {
    const [id, value] = params;
    const hasValue = method === "$/item" || method === "$/credit";
    if (params.length !== (hasValue ? 2 : 1) || !(typeof id === "string" || typeof id === "number")) {
      return `the params of ${method} must be the id of a call${hasValue ? " and a value" : ""}`;
    }
    if (method === "$/credit" && !isCredit(value)) {
      return "$/credit must grant a whole number above 0 and below 2147483648";
    }
    const call = this.byId.get(id);
    if (method === "$/item") call?.item(value, size);
    else if (method === "$/end") call?.complete();
    else if (method === "$/credit") call?.grant(value as number);
    else call?.end(new PotterError("cancelled", "the client cancelled the call"));
    return undefined;
  }

  /** Ends streams of responses, and calls whose caller is not known, with an error. Resolves when all calls have ended. */
  async finish(error: PotterError): Promise<void> {
    for (const call of this.running) call.stop(error);
    await Promise.all(Array.from(this.running, ({ ended }) => ended));
  }

  /** Ends all calls without an answer, since the client has gone. */
  drop(): void {
    for (const call of this.running) call.drop();
    this.byId.clear();
  }
}

/** Whether a notification concerns a call. */
export function concernsCall(method: string): boolean {
  return method === "$/item" || method === "$/end" || method === "$/credit" || method === "$/cancel";
}
