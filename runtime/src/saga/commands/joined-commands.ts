import { type JoinedRows, withJoinedRows } from "../../aggregate/index.js";
import type { AnyMethod, CallOptions, CallResult } from "../../cqrs/index.js";
import { type MachineContext, startSaga } from "../machine/index.js";
import type { DeclaredSaga, DeclaredSagas, SagaKey } from "../transaction/index.js";
import { type Changed, Fenced, type SagaStart, Transitions } from "../transaction/index.js";
import type { CommandAction } from "./command-host.js";

/** The command that a saga begins with, if it begins with nothing else and the command is local. */
export function firstCommand(
  saga: DeclaredSaga | undefined,
  { tenant, id }: SagaKey,
  start: SagaStart,
  context: MachineContext,
): CommandAction | undefined {
  if (saga === undefined || !beginsLocally(saga)) return undefined;
  const started = startSaga(saga.resolved, { ...start, tenant, id }, context);
  const [action, ...more] = started.kind === "changed" ? started.actions : [];
  return action?.kind === "command" && action.isLocal && more.length === 0 ? action : undefined;
}

function beginsLocally({ resolved, definition }: DeclaredSaga): boolean {
  for (const { isLocal, after } of resolved.steps(definition.version).values()) {
    if (isLocal && after.length === 0) return true;
  }
  return false;
}

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
   * Sends a command. `start`: the saga is not stored yet, and starts in the same transaction. Returns what has changed, or only the
   * result of the command if its rows were not written. Rejects with the error of the command, or with {@link Fenced}.
   */
  async send(
    key: SagaKey,
    { method, step, element, phase, epoch }: CommandAction,
    request: unknown,
    options: CallOptions,
    start?: SagaStart,
  ): Promise<{ readonly changed: readonly Changed[] } | CallResult> {
    let changed: readonly Changed[] = [];
    const rows: JoinedRows = {
      apply: async ({ response }, transaction) => {
        // May run several times: only the last run counts.
        const transitions = new Transitions(this.host.sagas, transaction, () => this.host.context());
        const message = { kind: "response", response, step, element, phase, epoch } as const;
        const reason =
          start === undefined ? await transitions.apply(key, message) : await transitions.start(key, start, message);
        if (reason !== undefined) throw new Fenced(reason);
        ({ changed } = transitions);
      },
    };
    const result = await this.host.dispatch(method, request, withJoinedRows(options, rows));
    return result.joined === true ? { changed } : result;
  }
}
