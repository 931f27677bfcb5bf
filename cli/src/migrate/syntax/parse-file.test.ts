import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../../../generator/src/testing/index.js";
import { parseFile } from "./parse-file.js";
import { UnreadableText } from "./tokens.js";

const library = join(root, "node_modules/google-proto-files/google");
const step = process.env["POTTER_FULL"] === "true" ? 1 : 20;

describe("the places in a proto file", () => {
  it("are found in all versions of the language", () => {
    const text = `edition = "2024"; package a.b; import option "o.proto"; import weak 'w.proto';
option features = { field_presence: IMPLICIT };
option (file.option) = "x;{";
extend google.protobuf.MessageOptions { optional string label = 50001 [deprecated = true]; }
export message option { option option = 1; repeated group Part = 2 { option (x) = 1; } map<string, option> m = 3;
  oneof o { string s = 4 [(y) = { z: "}" a <b: 1> }]; }
  extend option { optional int32 e = 100; }
  enum E { option (z) = {}; A = 0 [(z2) = 1]; }
  message service { option (.potter.event). version = -1; /* } */ reserved 1 to 5; }
}
service rpc { option (s) = { f: [ "]", '\\'' ] }; rpc rpc(stream option) returns (.a.b.option) { option (r) = { };; } rpc q (option) returns (option); }
`;
    const { options, imports, headEnd } = parseFile(text);
    expect(imports.map(({ path, modifier }) => `${modifier} ${path}`)).toEqual(["option o.proto", "weak w.proto"]);
    expect(text.slice(headEnd).trimStart()).toMatch(/^extend/);
    expect(
      [...options].map(([element, all]) => [element, all.map(({ name, path }) => [name, ...path].join("."))]),
    ).toEqual([
      ["a.b.option.service", ["potter.event.version"]],
      ["a.b.rpc", ["s"]],
      ["a.b.rpc.rpc", ["r"]],
    ]);
  });

  it("are not guessed where a text is written in an unknown way", () => {
    for (const text of [
      'message A { option (potter.event) = {a: "',
      "message A { ",
      "service S { option (potter.service) = {<}; }",
    ]) {
      expect(() => parseFile(text), text).toThrow(UnreadableText);
    }
  });

  it("are found in files of Google, as many as there are", () => {
    const files = readdirSync(library, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".proto"))
      .sort()
      .filter((_, index) => index % step === 0);
    const wrong = files.filter((file) => {
      const text = readFileSync(join(library, file), "utf8");
      const written = text.match(/^\s*option \(google\.api\.http\) = /gm)?.length ?? 0;
      const found = [...parseFile(text).options.values()].flat().filter(({ name }) => name === "google.api.http");
      return found.length !== written;
    });
    expect(wrong).toEqual([]);
    expect(files.length).toBeGreaterThan(100);
  });
});
