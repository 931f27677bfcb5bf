import { type DescMessage, fromBinary, fromJson, type JsonValue, toBinary, toJson } from "@bufbuild/protobuf";
import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import fc, { type Arbitrary } from "fast-check";
import { describe, expect, it } from "vitest";
import { withoutPersonal } from "../message/index.js";
import { arbitraryJson } from "../message/proto-json/arbitrary-json.fixture.js";
import { cutPersonal, restorePersonal } from "./cut.js";
import { type CutPlan, cutPlanOf } from "./cut-plan.js";
import { personOf } from "./person.fixture.js";

const planOf = (schema: DescMessage) => cutPlanOf(schema) as CutPlan;
const hex = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString("hex");
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(" ", ""), "hex"));

const v3 = personOf("v3");

describe("cutPlanOf", () => {
  it("returns undefined for a message without personal fields", () => {
    expect(cutPlanOf(StringValueSchema)).toBeUndefined();
  });

  it("refuses a field with the envelope's number", () => {
    expect(() => cutPlanOf(personOf("v3", "Clash"))).toThrow(
      "field people.v3.Clash.note has the number 536870911, under which the personal fields of people.v3.Clash are stored: give it another",
    );
  });

  it("names personal fields, and messages that hold some", () => {
    const plan = planOf(v3);
    expect([...plan.entries()].filter(([, cut]) => cut === "whole").map(([number]) => number)).toEqual([
      2, 3, 4, 5, 11, 14, 15, 16, 17, 2000,
    ]);
    expect(plan.get(9)).toBe(plan);
    expect(plan.get(6)).toEqual(new Map([[2, "whole"]]));
    expect(plan.get(8)).toEqual(new Map([[2, new Map([[2, "whole"]])]]));
  });
});

describe("cutPersonal", () => {
  it("keeps a message whose personal fields are not set", () => {
    expect(cutPersonal(planOf(v3), toBinary(v3, fromJson(v3, { id: "1", home: { city: "Jena" } })))).toBeUndefined();
    expect(cutPersonal(planOf(v3), new Uint8Array())).toBeUndefined();
  });

  it("removes the fields and corrects the lengths around them", () => {
    const ada = { id: "1", email: "a@b", spouse: { id: "2", home: { city: "Jena", street: "x".repeat(130) } } };
    const bytes = toBinary(v3, fromJson(v3, ada));
    const cut = cutPersonal(planOf(v3), bytes);
    expect(hex(cut?.open)).toBe(
      hex(toBinary(v3, fromJson(v3, { id: "1", spouse: { id: "2", home: { city: "Jena" } } }))),
    );
    expect(cut && hex(restorePersonal(cut))).toBe(hex(bytes));
  });

  it("removes a personal field whose wire type is not the declared one", () => {
    // email as a varint, as fixed64, as a group; home as a varint.
    const bytes = bytesOf("10 05  11 0102030405060708  13 0a0141 14  30 07  0a 01 31");
    const cut = cutPersonal(planOf(v3), bytes);
    expect(hex(cut?.open)).toBe("0a0131");
    expect(cut && hex(restorePersonal(cut))).toBe(hex(bytes));
  });

  it("keeps the order of fields, on which the last member of a oneof depends", () => {
    const both = bytesOf("5a 01 41  60 07  5a 01 42  60 08"); // phone, extension, phone, extension
    const cut = cutPersonal(planOf(v3), both);
    expect(hex(cut?.open)).toBe("60076008");
    expect(cut && hex(restorePersonal(cut))).toBe(hex(both));
  });

  it("keeps lengths that are encoded longer than necessary", () => {
    const bytes = bytesOf("32 8980 8000  0a 01 41  12 83 00 414243");
    const cut = cutPersonal(planOf(v3), bytes);
    expect(hex(cut?.open)).toBe("32030a0141");
    expect(cut && hex(restorePersonal(cut))).toBe(hex(bytes));
  });

  it.each([
    "12",
    "12 05 41",
    "32 05 0a 01 41",
    "13 0a 01 41",
    "13 1c",
    "14",
    "32 02 12 05 41",
    "07",
    "10 ffffffffffffffffffff01",
  ])("refuses %s without quoting it", (text) => {
    expect(() => cutPersonal(planOf(v3), bytesOf(text))).toThrow(
      "the bytes of a message with personal fields are not in protobuf's binary format",
    );
  });

  describe.each(["v2", "v3", "v2023"] as const)("a person of people.%s", (edition) => {
    const schema = personOf(edition);

    it("restores the message byte for byte, and keeps unmarked fields open", () => {
      fc.assert(
        fc.property(arbitraryJson(schema, 0), (json) => {
          const message = fromJson(schema, { id: "1", ...(json as object) } as JsonValue);
          const bytes = toBinary(schema, message);
          const cut = cutPersonal(planOf(schema), bytes);
          const open = toJson(schema, fromBinary(schema, cut?.open ?? bytes));
          expect(open).toEqual(withoutPersonal(schema, toJson(schema, message)));
          expect(hex(cut === undefined ? bytes : restorePersonal(cut))).toBe(hex(bytes));
        }),
        { numRuns: 1000 },
      );
    });
  });

  it("restores any bytes in the binary format", () => {
    fc.assert(
      fc.property(arbitraryFields(3), (parts) => {
        const bytes = new Uint8Array(parts.flat());
        for (const edition of ["v2", "v3", "v2023"] as const) {
          const cut = attempt(() => cutPersonal(planOf(personOf(edition)), bytes));
          if (cut === undefined) continue;
          expect(hex(restorePersonal(cut))).toBe(hex(bytes));
          expect(cutPersonal(planOf(personOf(edition)), cut.open)).toBeUndefined();
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("fails only with its own error for arbitrary bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          const cut = cutPersonal(planOf(v3), bytes);
          if (cut !== undefined) expect(hex(restorePersonal(cut))).toBe(hex(bytes));
        } catch (error) {
          expect(error).toMatchObject({ code: "data_loss" });
        }
      }),
      { numRuns: 3000 },
    );
  });
});

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** A varint in up to two bytes more than necessary. */
function varint(value: number, more = 0): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  for (let i = 0; i < more; i++) {
    bytes.push((bytes.pop() as number) | 0x80, 0);
  }
  return bytes;
}

/** Fields of any wire type under the numbers that persons use, nested inside lengths and groups. */
function arbitraryFields(levels: number): Arbitrary<number[][]> {
  const number = fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 17, 99);
  const content: Arbitrary<number[]> =
    levels === 0
      ? fc.array(fc.nat(255), { maxLength: 3 })
      : fc.oneof(
          arbitraryFields(levels - 1).map((parts) => parts.flat()),
          fc.array(fc.nat(255), { maxLength: 200 }),
        );
  const more = fc.constantFrom(0, 0, 0, 1, 2);
  const field = fc.oneof(
    fc.tuple(number, fc.nat(0xffff), more).map(([n, value, m]) => [...varint(n << 3), ...varint(value, m)]),
    fc
      .tuple(number, fc.array(fc.nat(255), { minLength: 8, maxLength: 8 }))
      .map(([n, v]) => [...varint((n << 3) | 1), ...v]),
    fc
      .tuple(number, fc.array(fc.nat(255), { minLength: 4, maxLength: 4 }))
      .map(([n, v]) => [...varint((n << 3) | 5), ...v]),
    {
      weight: 4,
      arbitrary: fc
        .tuple(number, content, more)
        .map(([n, v, m]) => [...varint((n << 3) | 2), ...varint(v.length, m), ...v]),
    },
    ...(levels === 0
      ? []
      : [
          fc
            .tuple(number, arbitraryFields(levels - 1))
            .map(([n, parts]) => [...varint((n << 3) | 3), ...parts.flat(), ...varint((n << 3) | 4)]),
        ]),
  );
  return fc.array(field, { maxLength: 5 });
}
