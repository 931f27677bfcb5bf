import {
  type AnyMethod,
  type Bus,
  type CallOptions,
  type CarriedWait,
  Metadata,
  type RunningCalls,
  type WaitOutcome,
} from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import type { EventDefinition, MessageTypes } from "../message/index.js";
import { type WaitAnswer, waitMethod, waitStates } from "../waits/index.js";
import type { ReadModelReference } from "./read-model-reference.js";
import type { ReadSide } from "./read-side.js";

/** The message of an event. */
export type EventMessage<Event> =
  Event extends EventDefinition<infer Types extends MessageTypes> ? Types["message"] : never;

/** The options of one call by `app.invoke`. */
export interface InvokeOptions<Event extends EventDefinition = EventDefinition> extends Omit<CallOptions, "wait"> {
  /** What the command is waited for: all read models, and the first of the events. */
  readonly until: {
    /** Read models that must include the command. Default: none. */
    readonly applied?: readonly ReadModelReference[];
    /** Events with the correlation id of the command, of which the first ends the wait. Default: none. */
    readonly event?: readonly Event[];
  };
  /** The longest wait, in milliseconds. Default: 10 000. */
  readonly within?: number;
}

/** The outcome of a command that has taken effect, and of the wait for what it leads to. */
export type CommandOutcome<Response, Event = never> =
  | {
      readonly state: "reached";
      readonly response: Response;
      /** The position after the command, for the option `wait.after` of queries, also of other processes. Absent: nothing was ever recorded. */
      readonly position?: string;
      /** The event that has ended the wait. Absent: it was not for events. */
      readonly event?: { readonly typeName: string; readonly data: Event };
    }
  | {
      /** Not in time. */
      readonly state: "pending";
      readonly response: Response;
      readonly position?: string;
      /** Resumes the wait: `app.resumeWait`. Absent: it could not be written. */
      readonly token?: string;
    };

/** The options of `app.resumeWait`: the caller of the command, and how long to wait, in milliseconds. Default: 10 000. */
export type ResumeOptions = Pick<InvokeOptions, "within" | "tenant" | "tenants" | "user" | "signal">;

/** The outcome of a wait that was resumed. */
export interface WaitResult {
  /** `reached`: all that the command waited for is there. `pending`: not in time; resume it again by the same token. */
  readonly state: "reached" | "pending";
  /** As in {@link CommandOutcome}. */
  readonly position?: string;
  /** The event that has ended the wait, by the full name of its message. Absent: it is pending, or was not for events. */
  readonly event?: { readonly typeName: string };
}

/** Returns the bus of an app, for a call with these options. */
export type EnterApp = (options: CallOptions | undefined) => Promise<{ readonly bus: Bus }>;

/** The waits of callers in the same process. */
export interface InProcessWaits {
  /** Sends a command, and waits for what it leads to. */
  invoke(method: AnyMethod, request: unknown, options: InvokeOptions): Promise<CommandOutcome<unknown, unknown>>;
  /** Resumes a wait by its token. Rejects with `out_of_range` if the token is not one of this store and caller. */
  resumeWait(token: string, options?: ResumeOptions): Promise<WaitResult>;
}

export function bindWaits(readSide: ReadSide | undefined, enter: EnterApp, calls: RunningCalls): InProcessWaits {
  return {
    async invoke(method, request, { until, within, ...options }) {
      const { bus } = await enter(options);
      const models = (until.applied ?? []).map((readModel) => awaitable(readSide, readModel));
      const needed = { models, events: (until.event ?? []).map(({ type }) => type) };
      const wait: CarriedWait = { needed, within };
      const message = method.request.create(request);
      const result = await calls.track(bus.dispatch(method, message, { ...options, wait }));
      return toCommandOutcome(result.response, result.wait ?? {});
    },
    async resumeWait(token, { within, ...options } = {}) {
      const { bus } = await enter(options);
      const method = waitMethod();
      const requestHeaders = new Metadata(within === undefined ? [] : [["potter-wait", String(within)]]);
      const { response } = await bus.dispatch(method, method.request.create({ token }), { ...options, requestHeaders });
      const { state, position, event } = response as WaitAnswer;
      return {
        state: state === waitStates.reached ? "reached" : "pending",
        ...(position && { position }),
        ...(event && { event: { typeName: event } }),
      };
    },
  };
}

function toCommandOutcome(
  response: unknown,
  { state, position, token, event, message }: WaitOutcome,
): CommandOutcome<unknown, unknown> {
  const known = { response, ...(position !== undefined && { position }) };
  if (state !== "reached") return { state: "pending", ...known, ...(token !== undefined && { token }) };
  return { state, ...known, ...(event !== undefined && { event: { typeName: event, data: message } }) };
}

/** The full name of a read model. Throws `not_found` for one without a projection. */
function awaitable(readSide: ReadSide | undefined, readModel: ReadModelReference): string {
  const projector = readSide?.control(readModel).projector;
  if (projector?.part.acts !== undefined) {
    // What it does may include the call that would wait for it.
    throw new PotterError(
      "invalid_argument",
      `${projector.part.title} acts on events: a call waits for read models only`,
    );
  }
  if (projector !== undefined) return projector.name;
  const name = typeof readModel === "string" ? readModel : readModel.definition.name;
  throw new PotterError("not_found", `this app has no projection of ${name}: it has none`);
}
