import { UnitOfWork, withUnitOfWork } from "../../aggregate/index.js";
import type { AnyMethod, CallOptions, CallResult } from "../../cqrs/index.js";
import type { AppendingTransaction } from "../../store/ports/index.js";
import { Fenced, type LocalCommand, type StoreClock, type Transitions } from "../transaction/index.js";
import { optionsOf } from "./command-options.js";
import { abortAt } from "./limit.js";

/** The default of `commandsPerTransaction`. */
const defaultLimit = 100;
/** How long a transaction takes commands, in milliseconds: other commands of the same aggregates wait for it. */
const longest = 2_000;

/** What local steps need of the engine. */
export interface LocalStepsHost {
  /** The most commands of one transaction. */
  readonly limit: number | undefined;
  readonly clock: StoreClock;
  dispatch(method: AnyMethod, request: unknown, options: CallOptions): Promise<CallResult>;
}

/**
 * Carries out local commands in the transaction of the transitions that begin them: a saga whose steps are all local is started, run
 * and ended by one commit. It is a shortcut only. A command that fails, or that cannot be part of the transaction, is begun by it instead,
 * as any other command; and if the transaction loses a race, it runs again without commands.
 */
export class LocalSteps {
  private readonly host: LocalStepsHost;

  constructor(host: LocalStepsHost) {
    this.host = host;
  }

  /** `onUnit` receives the unit of work, whose end its caller declares. */
  async carryOut(
    transitions: Transitions,
    rows: AppendingTransaction,
    onUnit: (unit: UnitOfWork) => void,
  ): Promise<void> {
    if (rows.append === undefined || transitions.nextLocal() === undefined) return;
    const { limit = defaultLimit } = this.host;
    const unit = new UnitOfWork(rows);
    onUnit(unit);
    const timer = setTimeout(() => unit.close(), longest);
    try {
      for (let count = 0; count < limit; count++) {
        const next = transitions.nextLocal();
        if (next === undefined || !(await this.carryOutOne(next, transitions, unit))) break;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** false: the command is left to be begun by the transaction. */
  private async carryOutOne(
    { key, origin, action }: LocalCommand,
    transitions: Transitions,
    unit: UnitOfWork,
  ): Promise<boolean> {
    const { method, step, element, phase, epoch, timeoutAt } = action;
    const controller = timeoutAt === undefined ? undefined : new AbortController();
    const timer = controller && abortAt(controller, timeoutAt, this.host.clock.now());
    try {
      const given = { ...optionsOf(key, origin, action), ...(controller && { signal: controller.signal }) };
      const request = method.request.decode(action.request);
      const send = () => this.host.dispatch(method, request, withUnitOfWork(given, unit));
      const use = async (response: unknown) => {
        controller?.signal.throwIfAborted();
        const reason = await transitions.apply(key, { kind: "response", response, step, element, phase, epoch });
        if (reason !== undefined) throw new Fenced(reason);
      };
      await transitions.attempt(() => unit.attempt(send, use));
    } catch {
      // Its outcome is found out when it is sent by itself.
      return false;
    } finally {
      clearTimeout(timer);
    }
    transitions.carriedOut.add(action);
    return true;
  }
}
