// A chain of messages is as long as somebody makes it: no target gives up on one, in either direction.
import { describe, expect, it } from "vitest";
import { analyse, generate } from "../pipeline/index.js";
import { compileProto } from "../testing/index.js";
import { asyncapi } from "./asyncapi/index.js";
import { cqrs } from "./cqrs/index.js";
import { graphql } from "./graphql/index.js";
import { openapi } from "./openapi/index.js";

const length = 4_000;

/** A chain, of which each message but the last must have the next. */
function chain(declare: (type: string) => string, rules = ""): string {
  const messages = Array.from({ length }, (_, n) => `message M${n} { ${declare(`M${n + 1}`)} next = 1${rules}; }`);
  return `syntax = "proto3";
package deep;
import "google/api/annotations.proto";
import "buf/validate/validate.proto";
import "potter/v1/options.proto";
service S {
  rpc Take(M0) returns (M0) { option (potter.v1.command) = {}; }
  rpc Find(M0) returns (M0) { option (potter.v1.query) = {}; option (google.api.http) = {get: "/v1/things"}; }
}
message Happened { option (potter.v1.event) = {aggregate: "Thing"}; M0 first = 1; }
message Thing { option (potter.v1.aggregate) = {}; string id = 1 [(potter.v1.field).id = true]; }
${messages.join("\n")}
message M${length} { string text = 1; }
`;
}

const required = " [(buf.validate.field).required = true]";
const requests = {
  messages: compileProto({ "deep.proto": chain((type) => type) }),
  lists: compileProto({ "deep.proto": chain((type) => `repeated ${type}`) }),
  required: compileProto({ "deep.proto": chain((type) => type, required) }),
};

describe.each(Object.entries(requests))("a chain of 4,000 %s", (_kind, request) => {
  it("is understood", () => {
    expect(analyse(request).diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it.each([asyncapi, cqrs, graphql, openapi])("is written by $name, to its end", (target) => {
    const { files, diagnostics } = generate(request, [{ target, options: {} }], "test");
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    const text = files.map(({ content }) => content).join("\n");
    expect(text).toContain(target === cqrs ? "M0Schema" : `M${length}`);
  });
});
