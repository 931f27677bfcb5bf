import type { EventType, MethodInfo, ReadModel } from "../contract/index.js";
import type { Result } from "./call.js";
import type { CallOptions } from "./options.js";
import type { Caller } from "./prepare.js";

/** A method whose responses show what a command has led to: a query, or a stream that follows it. */
export type ViewMethod<Request, View> = (
  caller: Caller,
  request: Request,
  options?: CallOptions,
) => PromiseLike<View> | AsyncIterable<View>;

/** What the server waits for after a command: all of the read models, and the first of the events. */
export interface ServerCondition<Events extends readonly EventType[]> {
  /** Read models that must include the changes. */
  readonly applied?: readonly ReadModel[];
  /** Events that follow from the command, of which one is enough: what went well and what went wrong. */
  readonly event?: Events;
}

/** What the client looks at after a command until it is as expected. */
export interface ViewCondition<Response, Request, View> {
  /** The query to ask again, or the stream to follow. */
  readonly view: ViewMethod<Request, View>;
  /** Its request, which may depend on the response of the command. */
  readonly request: Request | ((response: Response) => Request);
  /** Whether it is as expected. */
  readonly where: (view: View) => boolean;
}

/** An event that ended a wait. */
export type AwaitedEvent<Type> =
  Type extends EventType<infer Event, infer Name>
    ? {
        /** Full name of the event. */
        readonly typeName: Name;
        /** The event. Absent: the service does not show it to this caller. */
        readonly data?: Event;
      }
    : never;

/** The event that ends a wait for one of these; undefined if there are none. */
export type EventOf<Events extends readonly EventType[]> = Events extends readonly []
  ? undefined
  : AwaitedEvent<Events[number]>;

/** What the server was to wait for has come. */
export interface Reached<Response, Event> extends Result<Response> {
  /** All of it is there. */
  readonly state: "reached";
  /** The event; undefined: none was waited for. */
  readonly event: Event;
}

/** The command has taken effect, but what the server was to wait for has not come in time. */
export interface Pending<Response> extends Result<Response> {
  /** Something is missing. */
  readonly state: "pending";
  /** Resumes the wait: `client.wait(token)`. Empty: the service has no waits, or failed to say where the command stands. */
  readonly token: string;
}

/** The view is as it was expected. */
export interface Seen<Response, View> extends Result<Response> {
  /** It is there. */
  readonly state: "reached";
  /** The view. */
  readonly view: View;
}

/** The command has taken effect, but the view was not in time as it was expected. The client looked itself: there is no token. */
export interface Unseen<Response> extends Result<Response> {
  /** It may still come. */
  readonly state: "pending";
}

/** What has become of a command, and of what the server was to wait for. */
export type CommandOutcome<Response, Event = undefined> = Reached<Response, Event> | Pending<Response>;

/** What has become of a command, and of a view that the client was looking at. */
export type ViewOutcome<Response, View> = Seen<Response, View> | Unseen<Response>;

/** How long a wait lasts. */
export interface WithinOptions {
  /** The longest wait after the command in milliseconds. Default: 10,000. */
  readonly within?: number;
}

/** What has become of a wait that was resumed. */
export interface WaitResult<Event> {
  /** `pending`: ask again. */
  readonly state: "reached" | "pending";
  /** The position of the command, for the option `after`. Absent: not known yet. */
  readonly position?: string;
  /** The event that ended the wait. Absent: none was waited for. */
  readonly event?: Event;
}

/** The time of a call and of a wait after it, in milliseconds; 0: no limit. */
export function addTime(timeout: number, within: number): number {
  return timeout && timeout + within;
}

/** How long to wait as servers read it: in whole milliseconds, of which they accept so many. */
export function toWait(within: number): string {
  return String(Math.ceil(Math.min(within, 600_000)));
}

/** The service that every app has for waits. */
export const waitMethod: MethodInfo = {
  service: "potter.v1.WaitService",
  name: "Wait",
  kind: "query",
  stream: "unary",
  repeat: "safe",
};
