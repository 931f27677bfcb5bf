// Which methods load rules: those whose messages have rules, however deep.
import { expect, it } from "vitest";
import { compileProto, emitCqrs } from "../testing/index.js";

const proto = `syntax = "proto3";
package test.v1;
import "buf/validate/validate.proto";

service Tests {
  rpc Plain(Tree) returns (Tree);
  rpc AskDeep(Outer) returns (Tree);
  rpc PlainAgain(Tree) returns (Tree);
  rpc AnswerDeep(Tree) returns (Outer);
  rpc AskChoice(Choice) returns (Tree);
  rpc AskWhole(Whole) returns (Tree);
}

message Tree { repeated Tree children = 1; }
message Outer { Tree tree = 1; map<string, Inner> inners = 2; }
message Inner { Outer outer = 1; string name = 2 [(buf.validate.field).string.min_len = 1]; }
message Choice { oneof choice { option (buf.validate.oneof).required = true; string name = 1; } }
message Whole { option (buf.validate.message).cel = {id: "x" expression: "this.name != ''"}; string name = 1; }
`;

it("methods whose messages contain rules load protovalidate, others do not", () => {
  const code = Object.values(emitCqrs(compileProto({ "test/v1/test.proto": proto }), "es")).join("");
  const methods = code.split(/^ {4}(?=\w+: \{$)/m).slice(1);
  const loading = methods.filter((one) => one.includes("rules: protovalidate,")).map((one) => /\w+/.exec(one)?.[0]);
  expect(loading).toEqual(["askDeep", "answerDeep", "askChoice", "askWhole"]);
});
