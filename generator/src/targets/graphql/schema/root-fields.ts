import type { DescField, DescMessage, DescMethod } from "@bufbuild/protobuf";
import { type GraphQLFieldConfig, GraphQLNonNull, type GraphQLOutputType, isNonNullType } from "graphql";
import { graphqlOptionNumbers, type MethodModel } from "../../../model/index.js";
import { type Entities, findPaging, type MethodBinding, type Paging, scalarOfMessage } from "../contract/index.js";
import { isName, lowerFirst, type RootNames, toName, upperFirst } from "../names/index.js";
import {
  bindConnection,
  buildInputs,
  deprecate,
  describe,
  messageTypeOf,
  outputTypeOf,
  pageArguments,
  type Types,
} from "../types/index.js";

export type RootType = "query" | "mutation" | "subscription";

/** The root type of a method; undefined if its request is a stream, which GraphQL cannot express. */
export function rootOf(types: Types, { desc, role, stream }: MethodModel): RootType | undefined {
  const { operation } = types.facts.method(desc);
  if (stream === "client" || stream === "bidi") {
    if (types.isAnnotated(desc)) types.diagnostics.report("graphql-client-stream", { desc }, desc.name);
    return undefined;
  }
  if (stream === "unary") return operation ?? (role.kind === "query" ? "query" : "mutation");
  if (operation !== undefined) {
    const reason = "its response is a stream, which only a subscription can deliver";
    types.diagnostics.report(
      "graphql-option",
      { desc, option: graphqlOptionNumbers.method },
      "operation",
      desc.name,
      reason,
    );
  }
  return "subscription";
}

/** The root field name of a method: the rpc name without the verbs that GraphQL omits. */
export function nameOfMethod(types: Types, { desc }: MethodModel, root: RootType, names: RootNames): string {
  const { name: chosen } = types.facts.method(desc);
  const { prefix } = types.facts.service(desc.parent);
  if (chosen !== "") {
    if (isName(chosen)) return names.choose(root, chosen, desc);
    types.diagnostics.report("graphql-name", { desc, option: graphqlOptionNumbers.method }, desc.name, chosen);
  }
  const verbs = { query: /^(Get|List)(?=[A-Z])/, mutation: /^$/, subscription: /^Watch(?=[A-Z])/ };
  const withPrefix = (name: string) => toName(lowerFirst(prefix + (prefix === "" ? name : upperFirst(name))));
  const service = desc.parent.name.replace(/(?<=.)Service$/, "");
  return names.take(
    root,
    desc,
    withPrefix(lowerFirst(desc.name.replace(verbs[root], ""))),
    withPrefix(lowerFirst(desc.name)),
    toName(lowerFirst(service) + upperFirst(desc.name)),
  );
}

export interface RootField {
  readonly field: GraphQLFieldConfig<unknown, unknown>;
  readonly binding: MethodBinding;
}

/** Builds the root field of a method. It is nullable, so that its failure leaves other fields intact. */
export function buildRootField(types: Types, method: MethodModel, root: RootType, entities: Entities): RootField {
  const { desc } = method;
  const result = buildResult(types, method, root);
  const request = buildArguments(types, method, root, entities, result.paging);
  const field: GraphQLFieldConfig<unknown, unknown> = {
    type: result.type,
    args: request.args,
    ...describe(desc),
    ...deprecate(desc, desc.parent),
  };
  return { field, binding: { method, ...request.binding, ...result.binding } };
}

type Arguments = NonNullable<GraphQLFieldConfig<unknown, unknown>["args"]>;

function buildArguments(
  types: Types,
  { desc }: MethodModel,
  root: RootType,
  entities: Entities,
  paging: Paging | undefined,
): { readonly args: Arguments; readonly binding: Pick<MethodBinding, "args" | "input"> } {
  const { input } = desc;
  const scalar = scalarOfMessage(input);
  if (scalar !== undefined) return { args: { input: { type: scalar } }, binding: { args: {}, input: "input" } };
  if (root === "mutation") {
    // The fields are built here only to inspect them; the input type is shared.
    const { fields } = buildInputs(types, input);
    if (Object.keys(fields).length === 0) return { args: {}, binding: { args: {} } };
    const type = types.input(input);
    // An input without required fields is optional, so that an empty request can gain fields.
    const mustBe = Object.values(fields).some((field) => isNonNullType(field.type));
    return {
      args: { input: { type: mustBe ? new GraphQLNonNull(type) : type } },
      binding: { args: {}, input: "input" },
    };
  }
  const without = new Set(paging === undefined ? [] : [paging.pageSize, paging.pageToken]);
  const { fields, bound } = buildInputs(types, input, keysOf(input, desc.output, entities), without);
  return { args: { ...(paging && pageArguments), ...fields }, binding: { args: bound } };
}

/** The request fields that identify the returned entity. They are required. */
function keysOf(input: DescMessage, output: DescMessage, entities: Entities): ReadonlySet<DescField> {
  const entity = entities.find(output);
  // A field named `id` may be added to a response at any time, and must not change the arguments.
  const keys = entity?.keys.length === 1 && !entity.byName ? (entity.keys[0] ?? []) : [];
  return new Set(keys.flatMap(({ name }) => input.fields.find((field) => field.name === name) ?? []));
}

type Refuse = (option: string, reason: string) => void;

function checkBatch(types: Types, desc: DescMethod, refuse: Refuse): void {
  const { batchKeys } = types.facts.method(desc);
  const fits = ({ name, fieldKind, message }: DescField) =>
    name === batchKeys && fieldKind === "list" && message === undefined;
  if (batchKeys === "" || desc.input.fields.some(fits)) return;
  refuse("batch_keys", `${desc.input.name} has no list of scalars "${batchKeys}"`);
}

interface Result {
  readonly type: GraphQLOutputType;
  readonly binding: Pick<MethodBinding, "unwrap" | "connection">;
  readonly paging?: Paging;
}

function buildResult(types: Types, method: MethodModel, root: RootType): Result {
  const { desc } = method;
  const { unwrap, connection } = types.facts.method(desc);
  const refuse: Refuse = (option, reason) =>
    types.diagnostics.report(
      "graphql-option",
      { desc, option: graphqlOptionNumbers.method },
      option,
      desc.name,
      reason,
    );
  checkBatch(types, desc, refuse);
  const whole = () => ({ type: messageTypeOf(types, desc.output), binding: {} });
  if (unwrap !== "") {
    const field = desc.output.fields.find(({ name }) => name === unwrap);
    if (field === undefined || field.oneof !== undefined) {
      refuse("unwrap", `${desc.output.name} has no field "${unwrap}" outside of a oneof`);
      return whole();
    }
    const type = outputTypeOf(types, field);
    return { type: isNonNullType(type) ? type.ofType : type, binding: { unwrap: field.name } };
  }
  const paging = root === "query" && connection !== false ? findPaging(method) : undefined;
  if (paging === undefined) {
    if (connection === true) refuse("connection", "the rpc is not paged as in AIP-158, with a list of messages");
    return whole();
  }
  return {
    type: types.connection(desc.output, paging),
    binding: { connection: bindConnection(types, desc.output, paging) },
    paging,
  };
}
