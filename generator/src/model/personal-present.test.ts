// Which definitions bring the encryption: those whose messages are stored and have personal fields, however deep.
import { expect, it } from "vitest";
import { compileProto, emitCqrs } from "../testing/index.js";

const proto = `syntax = "proto3";
package test.v1;
import "potter/v1/options.proto";

service Tests {
  rpc Write(Person) returns (Empty) { option (potter.v1.command) = {}; }
  rpc Send(Empty) returns (Outer) { option (potter.v1.command) = {}; }
  rpc Get(Empty) returns (Outer) { option (potter.v1.query) = {}; }
}

message Empty { Tree tree = 1; }
message Tree { repeated Tree children = 1; }
message Outer { Tree tree = 1; map<string, Person> people = 2; }
message Person { Outer outer = 1; string name = 2 [(potter.v1.field).personal = true]; }
message Club { option (potter.v1.aggregate) = {}; string id = 1; }
message Joined { option (potter.v1.event) = {aggregate: "Club"}; Outer outer = 1; }
message Left { option (potter.v1.event) = {aggregate: "Club"}; Tree tree = 1; }
message Members { option (potter.v1.read_model) = {from: ["Joined", "Left"]}; string id = 1; Person person = 2; }
message Counts { option (potter.v1.read_model) = {from: "Left"}; string id = 1; }
`;

it.each(["es", "ts-proto"] as const)("definitions of %s bring the encryption only if they need it", (library) => {
  const code = Object.values(emitCqrs(compileProto({ "test/v1/test.proto": proto }), library)).join("");
  const definitions = code.split(/^(?: {4}(?=\w+: \{$)|export (?:const|interface) )/m).slice(1);
  const bringing = definitions
    .filter((one) => one.includes("personal: personalData,"))
    .map((one) => /\w+/.exec(one)?.[0]);
  expect(bringing).toEqual(["Joined", "Members", "send"]);
});
