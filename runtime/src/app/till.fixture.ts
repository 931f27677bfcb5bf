import { type StringValue, StringValueSchema } from "@bufbuild/protobuf/wkt";
import { defineService } from "../codegen/index.js";
import type { CommandContext, HandlersPart, Method, QueryContext } from "../cqrs/index.js";
import { type Es, es } from "../message/index.js";

// A till with a command and a query that are plain functions and a counting stream, as the generator prints a service.

type Text = Es<typeof StringValueSchema>;

const method = <S extends "unary" | "server", K extends "command" | "query">(name: string, kind: K, stream: S) =>
  ({
    service: "test.v1.Till",
    name,
    kind,
    stream,
    request: es(StringValueSchema),
    response: es(StringValueSchema),
    http: [{ method: "POST", path: `/${name.toLowerCase()}`, segments: [name.toLowerCase()], body: "*" }],
    errors: {},
  }) as const satisfies Method<Text, Text, S, K>;

export const charge: Method<Text, Text, "unary", "command"> = method("Charge", "command", "unary");
export const ask: Method<Text, Text, "unary", "query"> = method("Ask", "query", "unary");
export const count: Method<Text, Text, "server"> = method("Count", "query", "server");

interface TillTypes {
  readonly methods: { readonly charge: typeof charge; readonly ask: typeof ask; readonly count: typeof count };
  readonly commands: { readonly charge: never };
  readonly errors: object;
  readonly queries: "ask" | "count";
  readonly views: object;
}

const Till = defineService<TillTypes>({
  typeName: "test.v1.Till",
  methods: { charge, ask, count },
  errors: {},
  views: () => ({}),
});

export interface TillHandlers {
  charge?(command: StringValue, ctx: CommandContext): { value: string } | Promise<{ value: string }>;
  ask?(query: StringValue, ctx: QueryContext): { value: string } | Promise<{ value: string }>;
  count?(query: StringValue, ctx: QueryContext): AsyncIterable<{ value: string }>;
}

/** Creates the parts of a till. A handler that is not given returns its request. */
export function createTill(handlers: TillHandlers = {}): readonly HandlersPart[] {
  const echo = async ({ value }: StringValue) => ({ value });
  const none = async function* ({ value }: StringValue) {
    yield { value };
  };
  return [
    Till.commands({ charge: handlers.charge ?? echo }),
    Till.queries({ ask: handlers.ask ?? echo, count: handlers.count ?? none }),
  ];
}

/** A promise that the test settles. */
export function createGate(): { readonly passed: Promise<void>; open(): void } {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
}
