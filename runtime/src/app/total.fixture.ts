// A read model that adds up deposits, for tests of projections over any store.
import { type Int32ValueSchema, type StringValue, StringValueSchema } from "@bufbuild/protobuf/wkt";
import { Deposited, Opened } from "../aggregate/account.fixture.js";
import { defineReadModel, defineService } from "../codegen/index.js";
import type { Method } from "../cqrs/index.js";
import { type Es, es } from "../message/index.js";
import type { Projection } from "../projection/index.js";

export type Text = Es<typeof StringValueSchema>;

export interface TotalTypes {
  readonly row: Text;
  readonly key: string;
  readonly events: { readonly opened: Text; readonly deposited: Es<typeof Int32ValueSchema> };
}

// The row is a string "key:sum", since a StringValue has only one field.
export const Total = defineReadModel<TotalTypes>({
  name: "Total",
  codec: es(StringValueSchema),
  keyField: "value",
  key: (row: StringValue) => row.value.split(":")[0] ?? "",
  events: { opened: Opened, deposited: Deposited },
});

export const getTotal: Method<Text, Text, "unary", "query"> = {
  service: "test.v1.TotalService",
  name: "GetTotal",
  kind: "query",
  stream: "unary",
  request: es(StringValueSchema),
  response: es(StringValueSchema),
  http: [],
  errors: {},
};

export const watchTotal: Method<Text, Text, "server"> = { ...getTotal, name: "WatchTotal", stream: "server" };

interface TotalServiceTypes {
  readonly methods: { readonly getTotal: typeof getTotal; readonly watchTotal: typeof watchTotal };
  readonly commands: object;
  readonly errors: object;
  readonly queries: "getTotal" | "watchTotal";
  readonly views: { readonly total: TotalTypes };
}

export const TotalService = defineService<TotalServiceTypes>({
  typeName: "test.v1.TotalService",
  methods: { getTotal, watchTotal },
  errors: {},
  views: () => ({ total: Total }),
});

export const queries = TotalService.queries({
  getTotal: (query, { views }) => views.total.get(query.value),
  watchTotal: (query, { views }) => views.total.watch(query.value),
});
export const sumOf = (row: StringValue | undefined) => Number(row?.value.split(":")[1] ?? 0);

/** Adds up deposits, multiplied by a factor that distinguishes versions of the projection. */
export function totals(
  options: Pick<Projection<TotalTypes>, "mode" | "version" | "shards"> & { factor?: number; fail?: () => boolean },
) {
  const { factor = 1, fail = () => false, ...rest } = options;
  return Total.projection({
    ...rest,
    on: {
      opened: (_event, rows, { stream }) => rows.upsert({ value: `${stream.id}:0` }),
      deposited: async (event, rows, { stream }) => {
        if (fail()) throw new Error("not today");
        const sum = sumOf(await rows.get(stream.id)) + event.value * factor;
        rows.upsert({ value: `${stream.id}:${sum}` });
      },
    },
  });
}
