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
}
