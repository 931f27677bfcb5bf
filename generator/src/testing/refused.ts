/** Fixtures for which a message library's own plugin writes what the compiler refuses, so that users cannot have them either. */
export const refused = {
  // Twice the same property, for rpcs that differ by case alone. Nobody imports the file: it declares no message.
  es: { messages: ["fixture/hostile/v1/cases.proto"], cqrs: [] },
  // Messages named by reserved words, as they stand.
  "ts-proto": {
    messages: ["fixture/hostile/v1/reserved.proto"],
    cqrs: ["cqrs", "descriptors", "graphql", "saga"].map((kind) => `fixture/hostile/v1/reserved_${kind}.ts`),
  },
} as const;
