import { type Int32ValueSchema, type StringValue, StringValueSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { createAccount, Deposited, deposit, Opened, open, withdraw } from "../aggregate/account.fixture.js";
import { defineReadModel, defineService } from "../codegen/index.js";
import type { AnyMethod, Method } from "../cqrs/index.js";
import type { Part } from "../engines/index.js";
import { type Es, es } from "../message/index.js";
import { createApp } from "./create-app.js";

type Text = Es<typeof StringValueSchema>;

interface TotalTypes {
  readonly row: Text;
  readonly key: string;
  readonly events: { readonly opened: Text; readonly deposited: Es<typeof Int32ValueSchema> };
}

const Total = defineReadModel<TotalTypes>({
  name: "Total",
  codec: es(StringValueSchema),
  keyField: "value",
  key: (row: StringValue) => row.value,
  events: { opened: Opened, deposited: Deposited },
});

function method<K extends "command" | "query">(name: string, kind: K): Method<Text, Text, "unary", K> {
  return {
    service: "test.v1.AccountService",
    name,
    kind,
    stream: "unary",
    request: es(StringValueSchema),
    response: es(StringValueSchema),
    http: [{ method: "POST", path: `/v1/${name}`, segments: ["v1", name], body: "*" }],
    errors: {},
  };
}

const getTotal = method("GetTotal", "query");
const findTotal = method("FindTotal", "query");
const audit = method("Audit", "command");

const methods = { open, deposit, withdraw, getTotal, findTotal, audit };
const AccountService = defineService<{
  readonly methods: typeof methods;
  readonly commands: { readonly audit: never };
  readonly errors: object;
  readonly queries: "getTotal" | "findTotal";
  readonly views: { readonly total: TotalTypes };
}>({ typeName: "test.v1.AccountService", methods, errors: {}, views: () => ({ total: Total }) });

const part = createAccount();
const account = { ...part, aggregate: { ...part.aggregate, services: () => [AccountService] } };
const queries = AccountService.queries({ getTotal: () => ({ value: "" }), findTotal: () => ({ value: "" }) });
const commands = AccountService.commands({ audit: () => ({ value: "" }) });
const totals = Total.projection({ on: { opened: () => {}, deposited: () => {} } });

function faultsOf(...parts: Part[]): readonly string[] {
  try {
    createApp({ parts });
    return [];
  } catch (error) {
    return (error as Error).message.split("\n").slice(1);
  }
}

const leaveOut = 'list it in "unimplemented"';
const toQueries = `add AccountService.queries({…}) to the parts, or ${leaveOut}`;
const toCommands = `add the decider of its aggregate, or AccountService.commands({…}), to the parts, or ${leaveOut}`;
const noProjection = `  google.protobuf.StringValue has no projection: add Total.projection({…}) to the parts, or ${leaveOut}`;

describe("createApp", () => {
  it("accepts parts that implement all of a service", () => {
    expect(faultsOf(account, queries, commands, totals)).toEqual([]);
  });

  it.each<[string, Part[], string[]]>([
    ["commands and queries of the service of a decider", [account, totals], ["GetTotal", "FindTotal", "Audit"]],
    ["a decider", [queries, commands, totals], ["Open", "Deposit", "Withdraw"]],
    ["commands without an aggregate", [account, queries, totals], ["Audit"]],
    ["queries", [account, commands, totals], ["GetTotal", "FindTotal"]],
  ])("reports each method without %s", (_, parts, names) => {
    expect(faultsOf(...parts)).toEqual(
      names.map((name) => {
        const advice = name.endsWith("Total") ? toQueries : toCommands;
        return `  test.v1.AccountService.${name} has no handler: ${advice}`;
      }),
    );
  });

  it("reports a read model that queries may read and no projection fills", () => {
    expect(faultsOf(account, queries, commands)).toEqual([noProjection]);
  });

  it("reports a read model without a projection together with the queries that are missing", () => {
    expect(faultsOf(account, commands)).toEqual([
      `  test.v1.AccountService.GetTotal has no handler: ${toQueries}`,
      `  test.v1.AccountService.FindTotal has no handler: ${toQueries}`,
      noProjection,
    ]);
  });

  it("reports functions that are missing in code without types", () => {
    const { withdraw: _, ...decide } = account.decider.decide;
    const { deposited: __, ...evolve } = account.decider.evolve;
    const decider = { ...account.decider, decide, evolve, upcast: {} };
    const bare = { ...totals, on: { opened: () => {} } };
    const half = { ...queries, handlers: { ...queries.handlers, findTotal: undefined as never } };
    expect(faultsOf({ ...account, decider }, half, commands, bare)).toEqual([
      `  test.v1.AccountService.FindTotal has no handler: ${toQueries}`,
      '  the decider of Account has no "decide.withdraw"',
      '  the decider of Account has no "evolve.deposited"',
      '  the decider of Account has no "upcast.depositedV1"',
      '  the projection of google.protobuf.StringValue has no "on.deposited"',
    ]);
  });

  it("leaves out methods that are listed, whose calls fail with unimplemented", async () => {
    const listed = [findTotal, audit, Total];
    const some = { ...queries, handlers: { getTotal: () => ({ value: "1" }) } };
    const app = createApp({ parts: [account, some], unimplemented: listed });
    expect((await app.query(getTotal, {})).value).toBe("1");
    await expect(app.query(findTotal, {})).rejects.toMatchObject({
      code: "unimplemented",
      message: "test.v1.AccountService.FindTotal is not implemented by this app",
    });
    const headers = { "content-type": "application/json" };
    const request = new Request("http://app/v1/FindTotal", { method: "POST", headers, body: '"1"' });
    expect((await app.fetch(request)).status).toBe(501);
  });

  it("leaves out all methods without a handler of a service that is listed", async () => {
    const app = createApp({ parts: [account], unimplemented: [AccountService] });
    expect((await app.send(open, { value: "a" })).value).toBe(0);
    await expect(app.send(audit, {})).rejects.toMatchObject({ code: "unimplemented" });
  });

  it("reports listed entries that are implemented or unknown", () => {
    const other: AnyMethod = { ...getTotal, service: "test.v1.Other" };
    expect(() =>
      createApp({
        parts: [account, queries, commands, totals],
        unimplemented: [getTotal, Total, AccountService, other],
      }),
    ).toThrow(
      [
        "the parts of the app do not fit:",
        '  test.v1.AccountService.GetTotal is listed in "unimplemented", but nothing of it is missing: remove it',
        '  google.protobuf.StringValue is listed in "unimplemented", but nothing of it is missing: remove it',
        '  test.v1.AccountService is listed in "unimplemented", but nothing of it is missing: remove it',
        '  test.v1.Other.GetTotal is listed in "unimplemented", but nothing of it is missing: remove it',
      ].join("\n"),
    );
  });
});
