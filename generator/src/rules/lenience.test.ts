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
  return { written: written.length, told: diagnostics.map(({ severity, code }) => `${severity} ${code}`) };
}

describe("protos that were not written for Potter", () => {
  it("generate although two of their services share a route, and it is told", () => {
    const files = { "a.proto": service("a", "A"), "b.proto": service("b", "B") };
    expect(run(files)).toEqual({ written: 2, told: ["warning http-duplicate-route"] });
  });

  it("generate although one of two services that share a route is annotated", () => {
    const files = { "a.proto": service("a", "A"), "b.proto": service("b", "B", query) };
    expect(run(files)).toEqual({ written: 2, told: ["warning http-duplicate-route"] });
  });

  it("generate although a path does not parse or cannot be bound", () => {
    const files = { "a.proto": service("a", "A", "", "/v1/{"), "b.proto": service("b", "B", "", "/v1/{name}") };
    expect(run(files)).toEqual({ written: 2, told: ["warning http-template", "warning http-unbound-variable"] });
  });
});

describe("annotated protos", () => {
  it("do not generate if two of their services share a route", () => {
    const files = { "a.proto": service("a", "A", query), "b.proto": service("b", "B", query) };
    expect(run(files)).toEqual({ written: 0, told: ["error http-duplicate-route"] });
  });
});
