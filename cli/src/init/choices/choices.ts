/** The libraries that can generate the messages. */
export const messageLibraries = ["es", "ts-proto"] as const;
export type MessageLibrary = (typeof messageLibraries)[number];

/** What Potter can generate. cqrs is the code that all others stand on. */
export const targets = ["cqrs", "openapi", "graphql", "asyncapi", "saga", "client"] as const;
export type Target = (typeof targets)[number];

/** Where the service keeps its events. */
export const stores = ["pglite", "postgres", "memory"] as const;
export type Store = (typeof stores)[number];

/** What a project is created with. */
export interface Choices {
  readonly messages: MessageLibrary;
  /** In the order of `targets`, with cqrs. */
  readonly targets: readonly Target[];
  readonly store: Store;
}

/** What is taken where the user chooses nothing. */
export const defaults: Choices = { messages: "es", targets: ["cqrs", "openapi", "graphql"], store: "pglite" };

/** Whether a text is one of a list of names. */
export function isOneOf<T extends string>(names: readonly T[], text: string): text is T {
  return (names as readonly string[]).includes(text);
}
