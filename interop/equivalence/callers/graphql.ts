import { ScalarType } from "@bufbuild/protobuf";
import type { Code } from "@potter/runtime";
import type { AnyMethod } from "@potter/runtime/transport";
import { type Caller, comparableField, isEncodable, type Outcome } from "../caller.js";

interface GraphQLFailure {
  readonly message: string;
  readonly extensions: {
    readonly code: string;
    readonly violations?: readonly { readonly field: string; readonly rule: string; readonly message: string }[];
    readonly error?: Readonly<Record<string, unknown>>;
    /** In seconds. */
    readonly retryAfter?: number;
  };
}

/** The fields of the root types, by method. */
const roots: Readonly<Record<string, { readonly operation: string; readonly field: string }>> = {
  OpenAccount: { operation: "mutation", field: "openAccount" },
  Deposit: { operation: "mutation", field: "deposit" },
  Withdraw: { operation: "mutation", field: "withdraw" },
  GetAccount: { operation: "query", field: "account" },
  Fail: { operation: "mutation", field: "fail" },
};

/** Calls over GraphQL, as far as its types are those of ProtoJSON. */
export function graphql(url: string): Caller {
  return {
    name: "GraphQL",
    excludes({ method, requests, timeout, cancel }) {
      if (method.stream !== "unary") return "GraphQL has subscriptions instead, which are compared by their own tests";
      if (timeout !== undefined) return "GraphQL has no timeout of a request";
      if (cancel !== undefined) return "GraphQL reports no cancelled call";
      if (roots[method.name] === undefined)
        return "its values have other forms in GraphQL: enums, maps, pages and unions";
      if (!isEncodable({ method, requests })) return "GraphQL checks types of arguments before the call";
      return undefined;
    },
    async call(call) {
      const { method, requests, commandId, expectedVersion } = call;
      const { operation, field } = roots[method.name] as (typeof roots)[string];
      const selection = method.response.schema.fields.map(({ jsonName }) => jsonName).join(" ") || "_";
      const input = toInput(method, requests[0]);
      const parameters = operation === "mutation" ? `input: ${input}` : input.slice(1, -1);
      const response = await fetch(`${url}/graphql`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(commandId !== undefined && { "idempotency-key": commandId }),
          ...(expectedVersion !== undefined &&
            (expectedVersion === 0 ? { "if-none-match": "*" } : { "if-match": `"${expectedVersion}"` })),
        },
        body: JSON.stringify({ query: `${operation} { ${field}(${parameters}) { ${selection} } }` }),
      });
      const { data, errors } = (await response.json()) as {
        data?: Record<string, Record<string, unknown> | null>;
        errors?: readonly GraphQLFailure[];
      };
      if (errors?.[0] !== undefined) return toFailure(errors[0]);
      const { _, ...json } = data?.[field] ?? {};
      const answer = method.response.toJson(method.response.fromJson(json as never));
      return { code: "ok", responses: [answer] };
    },
  };
}

/** Writes all fields, since GraphQL requires some that ProtoJSON leaves out. */
function toInput({ request }: AnyMethod, json: unknown): string {
  const normal = request.toJson(request.fromJson(json as never)) as Record<string, unknown>;
  const fields = request.schema.fields.map((field) => {
    const missing = field.scalar === ScalarType.STRING ? "" : "0";
    return `${field.jsonName}: ${JSON.stringify(normal[field.jsonName] ?? missing)}`;
  });
  return `{${fields.join(", ")}}`;
}

function toFailure({ message, extensions }: GraphQLFailure): Outcome {
  const { "@type": type, ...json } = extensions.error ?? {};
  return {
    code: extensions.code.toLowerCase() as Code,
    responses: [],
    message,
    violations: (extensions.violations ?? []).map((one) => ({
      field: comparableField(one.field),
      rule: one.rule,
      message: one.message,
    })),
    declared: type === undefined ? undefined : { type: type as string, json },
    retryAfter: extensions.retryAfter,
  };
}
