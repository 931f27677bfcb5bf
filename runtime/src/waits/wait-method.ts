import { type AnyMethod, type Method, waitsPath } from "../cqrs/index.js";
import { type Es, es } from "../message/index.js";
import { WaitRequestSchema, WaitResponseSchema } from "./messages.js";

type WaitMethod = Method<Es<typeof WaitRequestSchema>, Es<typeof WaitResponseSchema>, "unary", "query">;

let known: WaitMethod | undefined;

/** The method by which clients resume a wait: an ordinary query, so that every transport serves it. */
export function waitMethod(): AnyMethod {
  known ??= {
    service: "potter.v1.WaitService",
    name: "Wait",
    kind: "query",
    stream: "unary",
    request: es(WaitRequestSchema),
    response: es(WaitResponseSchema),
    http: [
      {
        method: "GET",
        path: `${waitsPath}{token}`,
        segments: [...waitsPath.slice(1, -1).split("/"), { field: "token", segments: ["*"] }],
      },
    ],
    errors: {},
  };
  return known as unknown as AnyMethod;
}
