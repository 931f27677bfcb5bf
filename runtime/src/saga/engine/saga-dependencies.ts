import type { AnyMethod, Logger } from "../../cqrs/index.js";
import type { Store } from "../../store/ports/index.js";
import type { IsLocal, SagaInstance } from "../machine/index.js";
import type { SagaOptions } from "../options.js";
import type { SagaKey } from "../transaction/index.js";

/** What the engine needs of the app. */
export interface SagaDependencies {
  readonly store: Store;
  readonly logger: Logger;
  readonly options: SagaOptions;
  /** Whether a part of the app handles the method. */
  handles(method: AnyMethod): boolean;
  /** Whether it does so by a plain function. */
  isFunction(method: AnyMethod): boolean;
  /** Whether a command, or the compensation, of a step can be one transaction with the saga's row. */
  readonly isLocal: IsLocal;
  /** Is called for each saga that has changed. */
  onChange(key: SagaKey, instance: SagaInstance): void;
}
