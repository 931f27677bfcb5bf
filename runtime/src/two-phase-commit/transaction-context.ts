import type { Logger } from "../cqrs/index.js";
import type { CheckedOptions } from "./options.js";
import type { Phases } from "./phases.js";

/** What the transactions and the recovery of a coordinator share. */
export interface TransactionContext {
  readonly options: CheckedOptions;
  readonly logger: Logger;
  readonly phases: Phases;
  /** Id of the log. */
  readonly logId: string;
  /** Names of the participants whose branches this process has committed, by transactions that are not finished. */
  readonly committed: Map<string, ReadonlySet<string>>;
}
