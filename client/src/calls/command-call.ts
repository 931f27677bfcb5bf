import type { EventType } from "../contract/index.js";
import { toClientError } from "../errors/index.js";
import { Call, type Result } from "./call.js";
import {
  addTime,
  type CommandOutcome,
  type EventOf,
  type ServerCondition,
  toWait,
  type ViewCondition,
  type ViewOutcome,
  type WithinOptions,
} from "./until.js";
import { lookUntil } from "./view-wait.js";
import { defaultWithin, resumeWait } from "./wait.js";

/** A call of a command: can also wait for what the command leads to. */
export class CommandCall<Response, Errors> extends Call<Response, Errors> {
  /**
   * Sends the command and waits until read models include what it has changed, or until one of the events has followed from it.
   * What takes longer than `within` is `pending`: the command has taken effect all the same. Rejects only if the command fails.
   */
  until<const Events extends readonly EventType[] = []>(
    condition: ServerCondition<Events>,
    options?: WithinOptions,
  ): Promise<CommandOutcome<Response, EventOf<Events>>>;
  /** Sends the command and asks a query again, or follows a stream, until its response is as expected. */
  until<Request, View>(
    condition: ViewCondition<Response, Request, View>,
    options?: WithinOptions,
  ): Promise<ViewOutcome<Response, View>>;
  async until(
    condition: ServerCondition<readonly EventType[]> | ViewCondition<Response, unknown, unknown>,
    { within = defaultWithin }: WithinOptions = {},
  ): Promise<CommandOutcome<Response, unknown> | ViewOutcome<Response, unknown>> {
    // What concerns the command alone.
    const { commandId, expectedVersion, after, ...options } = this.options;
    if ("view" in condition) {
      // A service without waits does not know positions: then the view is only asked again and again.
      const result = await this.#sendWith({ "potter-after": "0" }, 0, true);
      return lookUntil(this.caller, result, condition, within, options);
    }
    const { applied = [], event = [] } = condition;
    const names = [...applied, ...event].map(({ typeName }) => typeName).join(", ");
    const result = await this.#sendWith({ "potter-wait-for": names, "potter-wait": toWait(within) }, within);
    const header = (name: string) => result.headers.get(name) ?? "";
    const token = header("potter-wait-token");
    if (header("potter-state") !== "reached") return { ...result, state: "pending", token };
    if (event.length === 0) return { ...result, state: "reached", event: undefined };
    // The command has taken effect: that the event cannot be read is no failure of it.
    const wait = await resumeWait(this.caller, token, { ...options, event, within: 0 }).catch(toClientError);
    const found = (wait as { event?: unknown }).event ?? { typeName: header("potter-event") };
    return { ...result, state: "reached", event: found };
  }

  /** Sends the command with further headers. Its time begins before that of the wait. */
  #sendWith(headers: Readonly<Record<string, string>>, within: number, isOptional = false): Promise<Result<Response>> {
    const timeout = this.options.timeout ?? addTime(this.method.timeout ?? this.caller.connection.timeout, within);
    return this.begin({ ...this.options, timeout, headers: { ...headers, ...this.options.headers } }, isOptional);
  }
}
