import type { ReadModelDefinition } from "../cqrs/index.js";
import type { PageTokens } from "../paging/index.js";
import type { RowReader, RowTable } from "../store/ports/index.js";
import type { SubscriptionRetry } from "../store/subscriptions/index.js";
import type { ChangeHub } from "./change-hub.js";

/** What views of one read model share. */
export interface ViewSource {
  readonly definition: ReadModelDefinition;
  readonly rows: RowReader;
  readonly hub: ChangeHub;
  readonly tokens: PageTokens;
  /**
   * The table that answers at present: the live version of the projection. At once, where it is known; with `fresh`, as
   * the store says now.
   */
  table(fresh?: boolean): RowTable | Promise<RowTable>;
  /** A row that is watched could not be read, and will be again. */
  report?(retry: SubscriptionRetry): void;
}

/** Under no name that a view could have. */
export const sourcesOf: unique symbol = Symbol("sources");

/** The views of a service, as adapters see them that read other than rows. */
export interface ViewSources {
  readonly [sourcesOf]?: (definition: ReadModelDefinition) => ViewSource;
}

/** What views of a read model share in the app that these views are of. undefined: they are of no app. */
export function sourceOf(views: object, definition: ReadModelDefinition): ViewSource | undefined {
  return (views as ViewSources)[sourcesOf]?.(definition);
}
