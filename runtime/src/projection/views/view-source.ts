import type { ReadModelDefinition } from "../../cqrs/index.js";
import type { PageTokens } from "../../paging/index.js";
import type { RowWatchers } from "./row-watchers.js";
import type { RowSource } from "./watched-row.js";

/** What all views of one read model share. */
export interface ViewSource extends RowSource {
  readonly tokens: PageTokens;
  readonly watchers: RowWatchers;
}

/** A symbol, so that it cannot clash with the name of a view. */
export const sourcesOf: unique symbol = Symbol("sources");

/** The views of a service, as seen by adapters that read other things than rows. */
export interface ViewSources {
  readonly [sourcesOf]?: (definition: ReadModelDefinition) => ViewSource;
}

/** What the views of a read model share in the app that these views belong to. undefined: they belong to no app. */
export function sourceOf(views: object, definition: ReadModelDefinition): ViewSource | undefined {
  return (views as ViewSources)[sourcesOf]?.(definition);
}
