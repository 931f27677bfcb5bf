// Paged lists, for tests of page tokens: two read models with the same rows, and methods that list them in several ways.
import { create, createFileRegistry, type DescMessage } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema, StringValueSchema } from "@bufbuild/protobuf/wkt";
import { compileProto } from "../../../generator/src/testing/index.js";
import { createAccount, Opened } from "../aggregate/account.fixture.js";
import { defineReadModel, defineService } from "../codegen/index.js";
import type { Method } from "../cqrs/index.js";
import type { Part } from "../engines/index.js";
import { type Es, es } from "../message/index.js";

const proto = `syntax = "proto3"; package p.v1;
message Row { string id = 1; string room = 2; int32 size = 3; }
message ListRequest {
  int32 page_size = 1; string page_token = 2; string room = 3; int32 least = 4; string note = 5; map<string, string> labels = 6; int32 skip = 7;
}
message ListResponse { repeated string ids = 1; string next_page_token = 2; }`;
const registry = createFileRegistry(
  create(FileDescriptorSetSchema, { file: compileProto({ "p/v1/p.proto": proto }).protoFile }),
);

/** The types of a message, as the generator would print them. */
interface Shape<T> {
  readonly message: T;
  readonly init: Partial<T>;
}
const codecOf = <T>(name: string) => es(registry.getMessage(`p.v1.${name}`) as DescMessage) as unknown as Codec<T>;
type Codec<T> = Method<Shape<T>, Shape<T>, "unary">["request"];

interface Row {
  readonly id: string;
  readonly room: string;
  readonly size: number;
}
export interface ListRequest {
  readonly pageSize: number;
  readonly pageToken: string;
  readonly room: string;
  readonly least: number;
  readonly note: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly skip: number;
}
export interface ListResponse {
  readonly ids: readonly string[];
  readonly nextPageToken: string;
}

interface RowTypes {
  readonly row: Shape<Row>;
  readonly key: string;
  readonly events: { readonly opened: Es<typeof StringValueSchema> };
}

const rowCodec = codecOf<Row>("Row");
const other = { ...rowCodec, typeName: "p.v1.Other" };
const readModel = (name: string, codec: Codec<Row>) =>
  defineReadModel<RowTypes>({
    name,
    codec: codec as never,
    keyField: "id",
    key: (row) => (row as Row).id,
    events: { opened: Opened },
  });
const Rows = readModel("Rows", rowCodec);
const Others = readModel("Others", other);

type List = Method<Shape<ListRequest>, Shape<ListResponse>, "unary", "query">;
export const listRows: List = {
  service: "p.v1.Lists",
  name: "ListRows",
  kind: "query",
  stream: "unary",
  request: codecOf<ListRequest>("ListRequest"),
  response: codecOf<ListResponse>("ListResponse"),
  http: [],
  errors: {},
};
/** The same rows by another method. */
export const searchRows: List = { ...listRows, name: "SearchRows" };
/** Lists rows as a string describes, `rows|north|1|<token>`: a request whose token field cannot be found. */
export const listByText: Method<Es<typeof StringValueSchema>, Shape<ListResponse>, "unary", "query"> = {
  service: "p.v1.Lists",
  name: "ListByText",
  kind: "query",
  stream: "unary",
  request: es(StringValueSchema),
  response: listRows.response,
  http: [],
  errors: {},
};

interface ListsTypes {
  readonly methods: {
    readonly listRows: typeof listRows;
    readonly searchRows: typeof searchRows;
    readonly listByText: typeof listByText;
  };
  readonly commands: object;
  readonly errors: object;
  readonly queries: "listRows" | "searchRows" | "listByText";
  readonly views: { readonly rows: RowTypes; readonly others: RowTypes };
}
const Lists = defineService<ListsTypes>({
  typeName: "p.v1.Lists",
  methods: { listRows, searchRows, listByText },
  errors: {},
  views: () => ({ rows: Rows, others: Others }),
});

/** Opening `north-1` creates a row in both read models. `present` is a bound of every list by string. */
export function pagedParts(present: () => number = () => 0): readonly Part[] {
  const project = (model: typeof Rows) =>
    model.projection({
      mode: "inline",
      on: {
        opened: (_event, rows, { stream }) => {
          const [room = "", size] = stream.id.split("-");
          rows.upsert({ id: stream.id, room, size: Number(size) });
        },
      },
    });
  const queries = Lists.queries({
    listRows: async (query, { views }) => {
      const page = await views.rows.where({ room: query.room, size: { gte: query.least } }).page(query);
      return { ids: page.items.map(({ id }) => id), nextPageToken: page.nextPageToken };
    },
    searchRows: async (query, { views }) => {
      const page = await views.rows.where({ room: query.room, size: { gte: query.least } }).page(query);
      return { ids: page.items.map(({ id }) => id), nextPageToken: page.nextPageToken };
    },
    listByText: async ({ value }, { views }) => {
      const [view, room = "", size, pageToken = ""] = value.split("|");
      const rows = view === "rows" ? views.rows : views.others;
      const page = await rows.where({ room, size: { gte: present() } }).page({ pageSize: Number(size), pageToken });
      return { ids: page.items.map(({ id }) => id), nextPageToken: page.nextPageToken };
    },
  });
  return [createAccount(), project(Rows), project(Others), queries];
}
