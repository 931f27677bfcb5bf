import { create, createFileRegistry, type DescMessage } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { compileProto } from "../../../generator/src/testing/index.js";
import type { Aggregate, DeciderPart } from "../aggregate/index.js";
import { defineAggregate, defineEvent, defineReadModel, defineService, personalData } from "../codegen/index.js";
import type { HandlersPart, Method, View } from "../cqrs/index.js";
import { type EventDefinition, es, isErased, type MessageCodec } from "../message/index.js";
import type { ProjectionPart } from "../projection/index.js";

// Members, who are data subjects, and the orders that they place: as the generator prints them, but without the types.

const source = `syntax = "proto3"; package club.v1; import "potter/v1/options.proto";
message Register { string id = 1; string email = 2 [(potter.v1.field).personal = true]; }
message Registered { string email = 1 [(potter.v1.field).personal = true]; string plan = 2; }
message Moved { Address address = 1; }
message Address { string city = 1; string street = 2 [(potter.v1.field).personal = true]; }
message Move { string id = 1; string city = 2; string street = 3 [(potter.v1.field).personal = true]; }
message Card { string id = 1; string text = 2 [(potter.v1.field).personal = true]; }
message Place { string id = 1; string member_id = 2; string address = 3 [(potter.v1.field).personal = true]; }
message Placed {
  string id = 1;
  string member_id = 2 [(potter.v1.field).subject = true];
  string address = 3 [(potter.v1.field).personal = true];
}
message Letter { string to = 1 [(potter.v1.field).personal = true]; string number = 2; }
message OrderView {
  string id = 1;
  string member_id = 2 [(potter.v1.field).subject = true];
  string address = 3 [(potter.v1.field).personal = true];
  string state = 4;
}`;

/** A message whose fields are strings. */
export interface Texts {
  readonly message: Readonly<Record<string, string>>;
  readonly init: Readonly<Record<string, string>>;
}

const registry = createFileRegistry(
  create(FileDescriptorSetSchema, { file: compileProto({ "club/v1/club.proto": source }).protoFile }),
);

export function codecOf(name: string): MessageCodec<Texts> {
  return es(registry.getMessage(`club.v1.${name}`) as DescMessage) as unknown as MessageCodec<Texts>;
}

const method = (name: string, request: string, response: string): Method<Texts, Texts, "unary", "command"> => ({
  service: "club.v1.Club",
  name,
  kind: "command",
  stream: "unary",
  request: codecOf(request),
  response: codecOf(response),
  http: [],
  errors: {},
  personal: personalData,
});

export const register: Method<Texts, Texts, "unary", "command"> = method("Register", "Register", "Card");
export const move: Method<Texts, Texts, "unary", "command"> = method("Move", "Move", "Card");
export const place: Method<Texts, Texts, "unary", "command"> = method("Place", "Place", "Card");
/** A command without an aggregate. */
export const write: Method<Texts, Texts, "unary", "command"> = method("Write", "Card", "Letter");

const event = (name: string): EventDefinition<Texts> =>
  defineEvent<Texts>({ type: `club.${name.toLowerCase()}`, version: 1, codec: codecOf(name), personal: personalData });
export const Registered: EventDefinition<Texts> = event("Registered");
export const Moved: EventDefinition<Texts> = event("Moved");
export const Placed: EventDefinition<Texts> = event("Placed");

interface Command<M, Emits> {
  readonly method: M;
  readonly emits: Emits;
  readonly failsWith: never;
  readonly reply: "written";
}

export interface MemberTypes {
  readonly commands: {
    readonly register: Command<typeof register, "registered">;
    readonly move: Command<typeof move, "moved">;
  };
  readonly events: { readonly registered: Texts; readonly moved: Texts };
  readonly errors: object;
  readonly upcasts: object;
  readonly snapshots: true;
}

export interface OrderTypes {
  readonly commands: { readonly place: Command<typeof place, "placed"> };
  readonly events: { readonly placed: Texts };
  readonly errors: object;
  readonly upcasts: object;
  readonly snapshots: true;
}

const idOf = (request: unknown): string => (request as Texts["message"])["id"] ?? "";

export const Member: Aggregate<MemberTypes> = defineAggregate<MemberTypes>({
  name: "Member",
  type: "member",
  snapshotEvery: 2,
  commands: () => ({ register: { method: register, id: idOf }, move: { method: move, id: idOf } }),
  events: { registered: Registered, moved: Moved },
  errors: {},
});

export const Order: Aggregate<OrderTypes> = defineAggregate<OrderTypes>({
  name: "Order",
  type: "order",
  snapshotEvery: 2,
  commands: () => ({ place: { method: place, id: idOf } }),
  events: { placed: Placed },
  errors: {},
});

/** The data of all events in one line, which shows the events from which a state was built. */
type Heard = readonly string[];

const heard = {
  version: 1,
  encode: (state: Heard) => new TextEncoder().encode(JSON.stringify(state)),
  decode: (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)) as Heard,
};
const note = (state: Heard, message: unknown, text: string | undefined): Heard => [
  ...state,
  isErased(message) ? "(erased)" : (text ?? ""),
];
const streetOf = (moved: unknown) => (moved as { address?: { street: string } }).address?.street;
const card = (state: Heard, request: Texts["message"]) => ({ id: request["id"] ?? "", text: state.join(", ") });

export function createMembers(): DeciderPart<Heard, MemberTypes> {
  return Member.decider<Heard>({
    initial: () => [],
    decide: {
      register: (_, request) => Member.event.registered({ email: request["email"] ?? "", plan: "basic" }),
      move: (_, { city = "", street = "" }) => Member.event.moved({ address: { city, street } as never }),
    },
    evolve: {
      registered: (state, message) => note(state, message, message["email"]),
      moved: (state, message) => note(state, message, streetOf(message)),
    },
    reply: { register: card, move: card },
    unique: { email: ([email]) => (email === "(erased)" ? undefined : email) },
    snapshot: heard,
  });
}

export function createOrders(): DeciderPart<Heard, OrderTypes> {
  return Order.decider<Heard>({
    initial: () => [],
    decide: {
      place: (_, { id = "", memberId = "", address = "" }) => Order.event.placed({ id, memberId, address }),
    },
    evolve: { placed: (state, message) => note(state, message, message["address"]) },
    reply: { place: card },
    snapshot: heard,
  });
}

interface OrderViewTypes {
  readonly row: Texts;
  readonly key: string;
  readonly events: { readonly placed: Texts };
}

const views = defineReadModel<OrderViewTypes>({
  name: "OrderView",
  codec: codecOf("OrderView"),
  keyField: "id",
  key: idOf,
  events: { placed: Placed },
  personal: personalData,
});

/** `subjectOf`: the subject of a row, given the member of its order. Default: the member. */
export function createOrderViews(
  mode: "inline" | "async",
  subjectOf: (memberId: string) => string = (memberId) => memberId,
  readsPosition = false,
): ProjectionPart {
  return views.projection({
    mode,
    on: {
      placed: async ({ id = "", memberId = "", address = "" }, rows, meta) => {
        if (readsPosition && !(meta.position > 0)) throw new Error("expected a position");
        const before = (await rows.get(id)) as Texts["message"] | undefined;
        const known = before?.["address"] ? `${before["address"]}; ` : "";
        const state = meta.erased === true ? "erased" : "known";
        rows.upsert({ id, memberId: subjectOf(memberId), address: known + address, state });
      },
    },
  });
}

const service = defineService<{
  readonly methods: { readonly write: typeof write; readonly get: Method<Texts, Texts, "unary", "query"> };
  readonly commands: { readonly write: never };
  readonly queries: "get";
  readonly errors: object;
  readonly views: object;
}>({
  typeName: "club.v1.Letters",
  methods: { write, get: { ...method("Get", "Place", "OrderView"), kind: "query" } },
  errors: {},
  views: () => ({ orderView: views }),
} as never);

export const get = (service as unknown as { methods: { get: Method<Texts, Texts, "unary", "query"> } }).methods.get;

export function createLetters(): HandlersPart {
  return service.commands({ write: ({ id = "", text = "" }) => ({ to: text, number: id }) });
}

/** Finds an order by id, or by its address. */
export function createQueries(): HandlersPart {
  return service.queries({
    get: ({ id = "", address = "" }, { views }) => {
      const { orderView } = views as unknown as { readonly orderView: View<OrderViewTypes> };
      return address === "" ? orderView.get(id) : orderView.where({ address }).first();
    },
  });
}
