import type { AnyMethod, CallOptions, CallResult, Logger } from "../../cqrs/index.js";
import type { SagaAction, SagaMessage } from "../machine/index.js";
import type { SagaOptions } from "../options.js";
import type { Ignored, RecordedResponse, SagaKey, StoreClock } from "../transaction/index.js";

export type CommandAction = Extract<SagaAction, { kind: "command" }>;

/** How commands are sent and outcomes stored. */
export interface CommandHost {
  readonly clock: StoreClock;
  readonly logger: Logger;
  readonly options: SagaOptions;
  /** Whether a part of the app handles the method. */
  handles(method: AnyMethod): boolean;
  /** Whether it does so by a function, which waits for its intent. */
  isFunction(method: AnyMethod): boolean;
  dispatch(method: AnyMethod, request: unknown, options: CallOptions): Promise<CallResult>;
  /**
   * Sends a command whose events and the transition of the saga are one transaction. Returns undefined if they were. Rejects with the
   * error of the command, or with `Fenced`.
   */
  dispatchJoined(
    key: SagaKey,
    action: CommandAction,
    request: unknown,
    options: CallOptions,
  ): Promise<CallResult | undefined>;
  apply(key: SagaKey, message: SagaMessage | RecordedResponse): Promise<Ignored | undefined>;
  /** Is called when a command has ended. */
  onEnd(): void;
}
