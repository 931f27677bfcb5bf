import { type Int32ValueSchema, type StringValue, StringValueSchema } from "@bufbuild/protobuf/wkt";
import { expect, it } from "vitest";
import { createAccount, Deposited, deposit, Opened, open } from "../../../aggregate/account.fixture.js";
import { createApp } from "../../../app/index.js";
import { defineReadModel, defineService } from "../../../codegen/index.js";
import type { Method } from "../../../cqrs/index.js";
import type { OrderSchema } from "../../../message/fixture.test.proto.js";
import { type Es, es } from "../../../message/index.js";
import { order } from "../rest.fixture.js";

type Text = Es<typeof StringValueSchema>;

interface TotalTypes {
  readonly row: Text;
  readonly key: string;
  readonly events: { readonly opened: Text; readonly deposited: Es<typeof Int32ValueSchema> };
}

// The row is a text "key:sum": a StringValue has one field, so the key is its first part.
const Total = defineReadModel<TotalTypes>({
  name: "Total",
  codec: es(StringValueSchema),
  keyField: "value",
  key: (row: StringValue) => row.value.split(":")[0] ?? "",
  events: { opened: Opened, deposited: Deposited },
});

const watch: Method<Es<typeof OrderSchema>, Text, "server"> = {
  service: "test.v1.TotalService",
  name: "WatchTotal",
  kind: "query",
  stream: "server",
  request: order,
  response: es(StringValueSchema),
  http: [{ method: "GET", path: "/totals/{order_id}", segments: ["totals", { field: "order_id", segments: ["*"] }] }],
  errors: {},
};

interface TotalServiceTypes {
  readonly methods: { readonly watch: typeof watch };
  readonly commands: object;
  readonly errors: object;
  readonly queries: "watch";
  readonly views: { readonly total: TotalTypes };
}

const TotalService = defineService<TotalServiceTypes>({
  typeName: "test.v1.TotalService",
  methods: { watch },
  errors: {},
  views: () => ({ total: Total }),
});

it("a watch that reconnects starts with the current row, and misses only the states in between", async () => {
  const app = createApp({
    parts: [
      createAccount({ decide: 0, evolve: 0 }),
      Total.projection({
        mode: "inline",
        on: {
          opened: (_event, rows, { stream }) => rows.upsert({ value: `${stream.id}:0` }),
          deposited: (event, rows, { stream }) =>
            rows.update(stream.id, (row) => ({
              value: `${stream.id}:${Number(row.value.split(":")[1]) + event.value}`,
            })),
        },
      }),
      TotalService.queries({
        watch: (query, { views }) => views.total.watch((query as unknown as { orderId: string }).orderId),
      }),
    ],
  });
  const connect = async (headers: Record<string, string> = {}) => {
    const gone = new AbortController();
    const response = await app.fetch(new Request("http://test/totals/a", { headers, signal: gone.signal }));
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    return {
      next: async () => new TextDecoder().decode((await reader.read()).value),
      leave: async () => {
        gone.abort();
        await reader.cancel();
      },
    };
  };
  await app.send(open, { value: "a" });
  const first = await connect();
  expect(await first.next()).toBe('data: "a:0"\n\n');
  await first.leave();

  await app.send(deposit, { value: "a:5" });
  await app.send(deposit, { value: "a:7" });
  const second = await connect({ "last-event-id": "1" });
  expect(await second.next()).toBe('data: "a:12"\n\n');
  await app.send(deposit, { value: "a:1" });
  expect(await second.next()).toBe('data: "a:13"\n\n');
  await second.leave();
  await app.stop();
});
