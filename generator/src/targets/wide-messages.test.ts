// Nested messages may have too many parts to enumerate: nothing is written out part by part.
import { expect, it } from "vitest";
import { compileProto, documentOf } from "../testing/index.js";

const [levels, width] = [12, 12];

/** Each message has twelve fields of the next type, so the first has 12¹² descendants. */
function levelled(rules: string): string {
  const messages = Array.from({ length: levels }, (_, level) => {
    const fields = Array.from({ length: width }, (_, at) => `M${level + 1} f${at} = ${at + 1}${rules};`);
    return `message M${level} { ${fields.join(" ")} }`;
  });
  return `syntax = "proto3";
package wide;
import "buf/validate/validate.proto";
service S { rpc Take(M0) returns (M0); rpc Choose(Choice) returns (M0); }
message Choice { oneof choice { M0 first = 1; M1 second = 2; } }
${messages.join("\n")}
message M${levels} { oneof choice { string text = 1; int32 number = 2; } }
`;
}

const bodyOf = (rules: string, path: string) => {
  const { paths } = documentOf(compileProto({ "wide.proto": levelled(rules) }));
  const body = paths?.[path]?.post?.requestBody as { content: Record<string, { example?: object }> };
  return body.content["application/json"]?.example;
};

it("an example of a very large message is less deep", () => {
  expect(bodyOf("", "/wide.S/Choose")).toMatchObject({ first: { f0: {}, f11: {} } });
  expect(JSON.stringify(bodyOf("", "/wide.S/Choose")).length).toBeLessThan(20_000);
});

it("a message with too many required parts has no example", () => {
  expect(bodyOf(" [(buf.validate.field).required = true]", "/wide.S/Take")).toBeUndefined();
});
