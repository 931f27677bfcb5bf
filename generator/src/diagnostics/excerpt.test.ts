import { describe, expect, it } from "vitest";
import { diagnoseContract } from "../testing/index.js";
import { findExcerpt, printExcerpt } from "./excerpt.js";

/** Excerpt and caret of the first diagnostic, and its place. */
function show(declarations: string): readonly string[] {
  const [head = "", excerpt = "", caret = ""] = diagnoseContract(declarations);
  return [head.split(": ")[0] ?? "", excerpt.slice(4), caret.slice(4)];
}

describe("underlining with the columns of buf", () => {
  it("marks a word after tabs", () => {
    expect(show('message View {\n\toption\t(potter.v1.read_model) = {from:\t"Nope"};\n\tstring id = 1;\n}')).toEqual([
      "shop.proto:6:41",
      'option\t(potter.v1.read_model) = {from:\t"Nope"};',
      "      \t                               \t^^^^^^",
    ]);
  });

  it("marks a name after tabs and multi-byte characters", () => {
    expect(show("/*\täöü € 😀 */\tmessage Order { option (potter.v1.aggregate) = {}; }")).toEqual([
      "shop.proto:5:24",
      "/*\täöü € 😀 */\tmessage Order { option (potter.v1.aggregate) = {}; }",
      "  \t           \t        ^^^^^",
    ]);
  });

  it("marks a name after wide and combined characters", () => {
    expect(show("/*\t日本 e\u0301 */ message Order { option (potter.v1.aggregate) = {}; }")).toEqual([
      "shop.proto:5:21",
      "/*\t日本 e\u0301 */ message Order { option (potter.v1.aggregate) = {}; }",
      "  \t                 ^^^^^",
    ]);
  });

  it("marks a word in a later line of an option", () => {
    const view =
      'message View {\n\toption (potter.v1.read_model) = {\n\t\tfrom: "Nope"\n\t\tfrom: "Nope"\n\t};\n\tstring id = 1;\n}';
    expect(show(view)).toEqual(["shop.proto:7:9", 'from: "Nope"', "      ^^^^^^"]);
  });

  it("marks the start of a multi-line option without a focus", () => {
    expect(show("message View {\n\toption (potter.v1.read_model) = {\n\t};\n\tstring id = 1;\n}")).toEqual([
      "shop.proto:6:9",
      "option (potter.v1.read_model) = {",
      "       ^",
    ]);
  });

  it("marks a word in single quotes", () => {
    expect(show("message View {\n  option (potter.v1.read_model) = {from: 'Nope'};\n  string id = 1;\n}")).toEqual([
      "shop.proto:6:42",
      "option (potter.v1.read_model) = {from: 'Nope'};",
      "                                       ^^^^^^",
    ]);
  });

  it("marks a word in an option that is set part by part", () => {
    const service = `service Shop {
  rpc Get(Shelf) returns (Shelf) {
    option (potter.v1.command).aggregate = "Shelf";
    option (potter.v1.command).emits = "Filled";
    option (potter.v1.command).emits = "Emptyed";
  }
}
message Shelf { option (potter.v1.aggregate) = {}; string id = 1; }
message Filled { option (potter.v1.event) = {}; }
message Emptied { option (potter.v1.event) = {}; }
`;
    expect(show(service)).toEqual([
      "shop.proto:9:40",
      'option (potter.v1.command).emits = "Emptyed";',
      "                                   ^^^^^^^^^",
    ]);
  });

  it("marks the option and not a longer one with the same ending", () => {
    const saga = `service Shop {
  rpc Put(Shelf) returns (Shelf) { option (potter.v1.query) = {cache_ttl: {seconds: 1} /* no timeout_x */ timeout: {}}; }
}
message Shelf {}
`;
    expect(show(saga)[0]).toBe("shop.proto:6:107");
  });
});

describe("underlining with the columns of protoc", () => {
  // Columns of protoc: bytes, and a tab advances to the next multiple of eight.
  it("works after tabs", () => {
    const location = { file: "a.proto", line: 1, column: 24, endLine: 1, endColumn: 32 };
    const excerpt = findExcerpt("\t\tstring order_id = 1;", location, undefined);
    expect(excerpt && printExcerpt(excerpt)).toEqual(["string order_id = 1;", "       ^^^^^^^^"]);
    expect(excerpt?.column).toBe(10);
  });

  it("works after multi-byte characters", () => {
    const location = { file: "a.proto", line: 1, column: 24, endLine: 1, endColumn: 27 };
    const excerpt = findExcerpt("/* äöü€ */ string bcd = 2;", location, undefined);
    expect(excerpt && printExcerpt(excerpt)).toEqual(["/* äöü€ */ string bcd = 2;", "                  ^^^"]);
  });

  it("keeps the reported columns if no interpretation fits", () => {
    const location = { file: "a.proto", line: 1, column: 90, endLine: 1, endColumn: 91 };
    expect(findExcerpt("\tx", location, undefined)).toEqual({ line: 1, column: 90, width: 1, text: "\tx" });
  });
});
