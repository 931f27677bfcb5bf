import { describe, expect, it } from "vitest";
import { generate } from "../pipeline/index.js";
import { cqrs } from "../targets/cqrs/index.js";
import { compileProto } from "../testing/index.js";

const service = (pkg: string, name: string, option = "", path = "/v1/things/{id}") => `syntax = "proto3";
package ${pkg};
import "google/api/annotations.proto";
import "potter/v1/options.proto";
service ${name} {
  rpc GetThing(GetThingRequest) returns (Thing) {
    ${option}
    option (google.api.http) = {get: "${path}"};
  }
}
message GetThingRequest { string id = 1; }
message Thing { string id = 1; }
`;
const query = "option (potter.v1.query) = {};";

function run(files: Record<string, string>) {
  const options = { messages: "es", import_extension: "js" };
  const { files: written, diagnostics } = generate(compileProto(files), [{ target: cqrs, options }], "test");
  return { written: written.length, lines: diagnostics.map(({ severity, code }) => `${severity} ${code}`) };
}

describe("protos without annotations", () => {
  it("generate with a warning if two services share a route", () => {
    const files = { "a.proto": service("a", "A"), "b.proto": service("b", "B") };
    expect(run(files)).toEqual({ written: 2, lines: ["warning http-duplicate-route"] });
  });

  it("generate if only one of two services with the same route is annotated", () => {
    const files = { "a.proto": service("a", "A"), "b.proto": service("b", "B", query) };
    expect(run(files)).toEqual({ written: 2, lines: ["warning http-duplicate-route"] });
  });

  it("generate if a path is invalid or cannot be bound", () => {
    const files = { "a.proto": service("a", "A", "", "/v1/{"), "b.proto": service("b", "B", "", "/v1/{name}") };
    expect(run(files)).toEqual({ written: 2, lines: ["warning http-template", "warning http-unbound-variable"] });
  });
});

describe("annotated protos", () => {
  it("do not generate if two of their services share a route", () => {
    const files = { "a.proto": service("a", "A", query), "b.proto": service("b", "B", query) };
    expect(run(files)).toEqual({ written: 0, lines: ["error http-duplicate-route"] });
  });
});
