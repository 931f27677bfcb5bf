import type { EventType } from "../contract/index.js";
import { Call } from "./call.js";
import type { CallOptions } from "./options.js";
import type { Caller } from "./prepare.js";
import { type AwaitedEvent, addTime, toWait, type WaitResult, type WithinOptions, waitMethod } from "./until.js";

/** The options of a wait that is resumed. */
export interface WaitOptions<Events extends readonly EventType[]> extends CallOptions, WithinOptions {
  /** The events that may end the wait, for their types and codecs. Default: events are ProtoJSON of unknown types. */
  readonly event?: Events;
}

/** How long a wait lasts by default, in milliseconds. */
export const defaultWithin = 10_000;

interface WaitResponse {
  readonly state?: string;
  readonly position?: string;
  readonly event?: string;
  readonly data?: unknown;
}

/** Resumes the wait for what a command leads to. */
export async function resumeWait<Events extends readonly EventType[]>(
  caller: Caller,
  token: string,
  { within = defaultWithin, event: types, ...options }: WaitOptions<Events> = {},
): Promise<WaitResult<AwaitedEvent<Events[number]>>> {
  const { state, position, event, data } = await new Call<WaitResponse, object>(
    caller,
    waitMethod,
    { token },
    {
      ...options,
      timeout: options.timeout ?? addTime(caller.connection.timeout, within),
      headers: { ...options.headers, "potter-wait": toWait(within) },
    },
  );
  const codec = types?.find(({ typeName }) => typeName === event)?.codec;
  const found = { typeName: event, ...(data !== undefined && { data: codec ? codec.fromJson(data) : data }) };
  return {
    state: state === "WAIT_STATE_REACHED" ? "reached" : "pending",
    ...(position && { position }),
    ...(event && { event: found as AwaitedEvent<Events[number]> }),
  };
}
