import { describe, expect, it } from "vitest";
import { diagnoseContract } from "../testing/index.js";

const order = `message Order { option (potter.v1.aggregate) = {}; string order_id = 1; }
`;

function placed(...fields: string[]): string {
  return `
message OrderPlaced {
  option (potter.v1.event) = {};
${fields.map((field) => `  ${field}\n`).join("")}}
`;
}

describe("personal fields", () => {
  it("may have a string or integer subject, or none", () => {
    expect(
      diagnoseContract(
        placed("int64 customer = 1 [(potter.v1.field).subject = true];", "Address address = 2;"),
        order,
        "message Address { string street = 1 [(potter.v1.field).personal = true]; Address next = 2; }\n",
        "message Note { string text = 1 [(potter.v1.field).personal = true]; }\n",
      ),
    ).toEqual([]);
  });

  it("reports subject-type", () => {
    const lines = diagnoseContract(
      placed(
        "string email = 1 [(potter.v1.field).personal = true];",
        "bool customer = 2 [(potter.v1.field).subject = true];",
      ),
      order,
    );
    expect(lines).toEqual([
      "shop.proto:8:8: error subject-type: OrderPlaced.customer cannot identify a data subject: expected a singular string or integer outside of any oneof",
      "    bool customer = 2 [(potter.v1.field).subject = true];",
      "         ^^^^^^^^",
      "  hint: change the type of the field, or mark another field as subject",
    ]);
  });

  it("reports two-subjects", () => {
    const lines = diagnoseContract(
      placed(
        "string email = 1 [(potter.v1.field).personal = true];",
        "string buyer = 2 [(potter.v1.field).subject = true];",
        "string receiver = 3 [(potter.v1.field).subject = true];",
      ),
      order,
    );
    expect(lines).toEqual([
      "shop.proto:5:9: error two-subjects: OrderPlaced has more than one subject: buyer, receiver",
      "    message OrderPlaced {",
      "            ^^^^^^^^^^^",
      "  hint: mark only one field: the personal fields of a message belong to one data subject",
    ]);
  });

  it("reports personal-subject", () => {
    const lines = diagnoseContract(
      placed("string email = 1 [(potter.v1.field).personal = true, (potter.v1.field).subject = true];"),
      order,
    );
    expect(lines).toEqual([
      "shop.proto:7:10: error personal-subject: OrderPlaced.email is personal, but also identifies the data subject and is stored in clear text",
      "    string email = 1 [(potter.v1.field).personal = true, (potter.v1.field).subject = true];",
      "           ^^^^^",
      "  hint: identify the data subject by a pseudonymous id, and remove one of the marks",
    ]);
  });

  it("reports subject-without-personal", () => {
    const lines = diagnoseContract(placed("string customer = 1 [(potter.v1.field).subject = true];"), order);
    expect(lines).toEqual([
      "shop.proto:7:10: warning subject-without-personal: OrderPlaced.customer identifies a data subject, but its message has no personal field",
      "    string customer = 1 [(potter.v1.field).subject = true];",
      "           ^^^^^^^^",
      "  hint: mark personal fields with [(potter.v1.field).personal = true], or remove the mark",
    ]);
  });

  it("reports read-model-without-subject", () => {
    const lines = diagnoseContract(
      `
message OrderView {
  option (potter.v1.read_model) = {from: "OrderPlaced"};
  string id = 1;
  string email = 2 [(potter.v1.field).personal = true];
}
`,
      order,
      placed(),
    );
    expect(lines).toEqual([
      "shop.proto:5:9: warning read-model-without-subject: OrderView has personal fields but no subject: its rows store them in clear text",
      "    message OrderView {",
      "            ^^^^^^^^^",
      "  hint: mark the field that identifies the data subject with [(potter.v1.field).subject = true]",
    ]);
  });

  it("reports saga-without-subject, unless a field of the data is the subject", () => {
    const saga = (own: string) => `
message Checkout {
  option (potter.v1.saga) = {
    step {name: "reserve" command: "Stock.Reserve"}
  };
  string id = 1${own};
  string email = 2 [(potter.v1.field).personal = true];
}
message ReserveRequest { string sku = 1; }
message ReserveResponse {}
service Stock { rpc Reserve(ReserveRequest) returns (ReserveResponse); }
`;
    expect(diagnoseContract(saga(""))).toEqual([
      "shop.proto:5:9: warning saga-without-subject: Checkout has personal fields but no subject: its rows store them in clear text",
      "    message Checkout {",
      "            ^^^^^^^^",
      "  hint: mark the field that identifies the data subject with [(potter.v1.field).subject = true]",
    ]);
    expect(diagnoseContract(saga(" [(potter.v1.field).subject = true]"))).toEqual([]);
  });
});
