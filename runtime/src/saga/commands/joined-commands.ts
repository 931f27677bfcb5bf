import { type JoinedRows, withJoinedRows } from "../../aggregate/index.js";
import type { AnyMethod, CallOptions, CallResult } from "../../cqrs/index.js";
import type { MachineContext } from "../machine/index.js";
import { type Changed, type DeclaredSagas, Fenced, type SagaKey, Transitions } from "../transaction/index.js";
import type { CommandAction } from "./command-host.js";

/** What the commands need of the engine. */
export interface JoinedHost {
  readonly sagas: DeclaredSagas;
  context(): MachineContext;
  dispatch(method: AnyMethod, request: unknown, options: CallOptions): Promise<CallResult>;
}

/** Sends commands whose events and the transition of their saga are one transaction. */
export class JoinedCommands {
  private readonly host: JoinedHost;

  constructor(host: JoinedHost) {
    this.host = host;
  }

  /**
   * Sends a command. Returns what has changed, or only the result of the command if its rows were not written. Rejects with the error of
   * the command, or with {@link Fenced}.
   */
  async send(
    key: SagaKey,
    { method, step, element, phase, epoch }: CommandAction,
    request: unknown,
    options: CallOptions,
  ): Promise<{ readonly changed: readonly Changed[] } | CallResult> {
    let changed: readonly Changed[] = [];
    const rows: JoinedRows = {
      apply: async ({ response }, transaction) => {
        // May run several times: only the last run counts.
        const transitions = new Transitions(this.host.sagas, transaction, () => this.host.context());
        const reason = await transitions.apply(key, { kind: "response", response, step, element, phase, epoch });
        if (reason !== undefined) throw new Fenced(reason);
        ({ changed } = transitions);
      },
    };
    const result = await this.host.dispatch(method, request, withJoinedRows(options, rows));
    return result.joined === true ? { changed } : result;
  }
}
