import { type Int32ValueSchema, type StringValue, StringValueSchema } from "@bufbuild/protobuf/wkt";
import { Deposited, Opened } from "../../aggregate/account.fixture.js";
import { defineReadModel, defineService } from "../../codegen/index.js";
import type { HandlersPart, Method } from "../../cqrs/index.js";
import { type Es, es } from "../../message/index.js";
import type { ReadModel } from "../../projection/index.js";
import { type SqlProjection, type SqlProjectionPart, type SqlViewContext, sqlProjection } from "./sql-projection.js";
import type { TableSchema } from "./table-steps.js";

// A read model of accounts in tables, and a service with one query, which hands its context to the test.

type Text = Es<typeof StringValueSchema>;

export interface TotalTypes {
  readonly row: Text;
  readonly key: string;
  readonly events: { readonly opened: Text; readonly deposited: Es<typeof Int32ValueSchema> };
}

export const Total: ReadModel<TotalTypes> = defineReadModel<TotalTypes>({
  name: "Total",
  codec: es(StringValueSchema),
  keyField: "value",
  key: (row: StringValue) => row.value,
  events: { opened: Opened, deposited: Deposited },
});

export interface TotalTables {
  totals: { id: string; sum: bigint; version: number };
  deposits: { event_id: string; total_id: string; amount: number; at: Date };
}

type Options = Partial<Omit<SqlProjection<TotalTypes["events"], TotalTables>, "on">> & {
  /** Distinguishes versions. */
  readonly factor?: number;
  /** Called after the changes of each deposit. */
  readonly after?: (id: string) => void;
};

export const createTables = (schema: TableSchema<TotalTables>) => [
  schema
    .createTable("totals")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("sum", "bigint", (column) => column.notNull())
    .addColumn("version", "integer", (column) => column.notNull()),
  schema
    .createTable("deposits")
    .addColumn("event_id", "uuid", (column) => column.primaryKey())
    .addColumn("total_id", "text", (column) => column.notNull().references("totals.id"))
    .addColumn("amount", "integer", (column) => column.notNull())
    .addColumn("at", "timestamptz", (column) => column.notNull()),
  schema.createIndex("deposits_by_total").on("deposits").columns(["total_id", "at"]),
];

export function totals({ factor = 1, after = () => {}, ...options }: Options = {}): SqlProjectionPart<TotalTables> {
  return sqlProjection(Total, {
    name: "totals",
    tables: createTables,
    ...options,
    on: {
      // Returned, to be run.
      opened: (_event, db, { stream, version }) => db.insertInto("totals").values({ id: stream.id, sum: 0n, version }),
      deposited: async (event, db, { id, stream, at, version }) => {
        await db
          .insertInto("deposits")
          .values({ event_id: id, total_id: stream.id, amount: event.value, at: new Date(at) })
          .execute();
        const { sum } = await db
          .selectFrom("totals")
          .select("sum")
          .where("id", "=", stream.id)
          .executeTakeFirstOrThrow();
        await db
          .updateTable("totals")
          .set({ sum: sum + BigInt(event.value * factor), version })
          .where("id", "=", stream.id)
          .execute();
        after(stream.id);
      },
    },
  });
}

const ask: Method<Text, Text, "unary"> = {
  service: "test.v1.AskService",
  name: "Ask",
  kind: "query",
  stream: "unary",
  request: es(StringValueSchema),
  response: es(StringValueSchema),
  http: [],
  errors: {},
};

interface AskTypes {
  readonly methods: { readonly ask: typeof ask };
  readonly commands: object;
  readonly errors: object;
  readonly queries: "ask";
  readonly views: { readonly total: TotalTypes };
}

const AskService = defineService<AskTypes>({
  typeName: "test.v1.AskService",
  methods: { ask },
  errors: {},
  views: () => ({ total: Total }),
});

/** Handlers of queries, and a way to do something in one. */
export function createAsking(): {
  readonly part: HandlersPart;
  in<T>(
    app: { query(method: typeof ask, request: { value: string }, options: { tenant?: string }): Promise<unknown> },
    work: (ctx: SqlViewContext) => Promise<T>,
    tenant?: string,
  ): Promise<T>;
} {
  let next: ((ctx: SqlViewContext) => Promise<unknown>) | undefined;
  return {
    part: AskService.queries({
      ask: async (_query, ctx) => {
        await next?.(ctx);
        return { value: "" };
      },
    }),
    async in(app, work, tenant = "") {
      let result: { readonly value: Awaited<ReturnType<typeof work>> } | undefined;
      let failure: { readonly error: unknown } | undefined;
      next = async (ctx) => {
        try {
          result = { value: (await work(ctx)) as never };
        } catch (error) {
          failure = { error };
        }
      };
      await app.query(ask, { value: "" }, { tenant });
      if (failure !== undefined) throw failure.error;
      return (result as NonNullable<typeof result>).value;
    },
  };
}
