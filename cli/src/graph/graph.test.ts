import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { main } from "../main.js";
import { contract, createProject, root, type TestProject } from "../project.fixture.js";
import type { Graph } from "./graph.js";

let project: TestProject;
let out: string[];
let errors: string[];
beforeAll(() => {
  project = createProject();
});
afterAll(() => project.delete());
beforeEach(() => {
  out = [];
  errors = [];
  vi.spyOn(console, "log").mockImplementation((text) => out.push(String(text)));
  vi.spyOn(console, "error").mockImplementation((text) => errors.push(String(text)));
});

const graph = (...args: readonly string[]) => main(["graph", ...args], project.folder);

const diagram = `flowchart LR
  subgraph group0["AccountService"]
    command_AccountService_OpenAccount["OpenAccount"]
  end
  aggregate_Account[["Account"]]
  event_AccountOpened>"AccountOpened"]
  aggregate_Account --> event_AccountOpened
  command_AccountService_OpenAccount --> aggregate_Account
`;

describe("the graph of the shop", () => {
  const shop = async (...args: readonly string[]): Promise<Graph> => {
    expect(await main(["graph", "examples/shop/proto", "--format", "json", ...args], root)).toBe(0);
    return JSON.parse(out.pop() ?? "") as Graph;
  };
  const edgesOf = ({ edges }: Graph, name: string) =>
    edges.filter(({ from, to }) => [from, to].some((id) => id.endsWith(`.${name}`))).map(printEdge);
  const printEdge = ({ from, kind, to }: Graph["edges"][number]) =>
    [from, kind, to].map((text) => text.replace(/:.*\.(?=\w+$)/, " ")).join(" → ");

  it("is the one in its README", async () => {
    expect([await main(["graph", "--out", "examples/shop/README.md", "--check"], root), errors]).toEqual([0, []]);
    expect(readFileSync(join(root, "examples/shop/README.md"), "utf8")).toContain("```mermaid\nflowchart LR\n");
  });

  it("says who emits and who consumes", async () => {
    const all = await shop();
    expect(edgesOf(all, "OrderPlaced")).toEqual([
      "aggregate Order → records → event OrderPlaced",
      "command PlaceOrder → emits → event OrderPlaced",
      "event OrderPlaced → projects → readModel OrderView",
    ]);
    expect(edgesOf(all, "Checkout")).toEqual([
      "saga Checkout → compensates → command CancelOrder",
      "saga Checkout → compensates → command Refund",
      "saga Checkout → compensates → command Release",
      "saga Checkout → sends → command PlaceOrder",
      "saga Checkout → sends → command ShipOrder",
      "saga Checkout → sends → command Charge",
      "saga Checkout → sends → command Reserve",
    ]);
    expect(edgesOf(all, "WatchOrder")).toEqual(["readModel OrderView → reads → query WatchOrder"]);
    expect(all.nodes.find(({ name }) => name === "WatchOrder")).toEqual({
      id: "query:shop.orders.v1.OrderService.WatchOrder",
      kind: "query",
      fullName: "shop.orders.v1.OrderService.WatchOrder",
      name: "WatchOrder",
      package: "shop.orders.v1",
      service: "shop.orders.v1.OrderService",
      stream: true,
    });
  });

  it.each([
    ["--service", "StockService"],
    ["--service", "shop.stock.v1.StockService"],
    ["--package", "shop.stock"],
  ])("shows a part with its neighbours: %s %s", async (...args) => {
    const part = await shop(...args);
    expect(
      new Set(part.nodes.map(({ package: name, name: node }) => (name === "shop.stock.v1" ? name : node))),
    ).toEqual(new Set(["shop.stock.v1", "Checkout"]));
    expect(part.nodes.map(({ name }) => name)).toEqual([
      ...["StockItem", "Release", "Replenish", "Reserve", "StockReleased", "StockReplenished", "StockReserved"],
      ...["GetStock", "StockView", "Checkout"],
    ]);
  });
});

describe("potter graph", () => {
  it("prints the diagram, the same for files in another order", async () => {
    expect(await graph()).toBe(0);
    expect(out).toEqual([diagram.trimEnd()]);
    project.write("proto/a.proto", contract["proto/bank/types/v1/money.proto"]?.replace("bank.types", "a") ?? "");
    expect(await graph("proto")).toBe(0);
    project.remove("proto/a.proto");
    expect(out[1]).toBe(out[0]);
  });

  it("writes between the markers of a Markdown file, keeps the rest, and does nothing the second time", async () => {
    const text = "# Bank\r\n\r\nOurs.\r\n<!-- potter graph --> old <!-- end of potter graph -->\r\n\r\nEnd\r\n";
    project.write("docs/The bänk.md", text);
    expect(await graph("--out", "docs/The bänk.md", "--check")).toBe(1);
    expect(errors).toEqual([
      "potter: docs/The bänk.md has another diagram than the contract: potter graph --out docs/The bänk.md writes it",
    ]);
    expect(project.read("docs/The bänk.md")).toBe(text);
    expect(await graph("--out", "docs/The bänk.md")).toBe(0);
    const block = `<!-- potter graph -->\n\n\`\`\`mermaid\n${diagram}\`\`\`\n\n<!-- end of potter graph -->`;
    const expected = `# Bank\r\n\r\nOurs.\r\n${block.replaceAll("\n", "\r\n")}\r\n\r\nEnd\r\n`;
    expect(project.read("docs/The bänk.md")).toBe(expected);
    expect(await graph("--out", "docs/The bänk.md", "--check")).toBe(0);
    expect(await graph("--out", "docs/The bänk.md")).toBe(0);
    expect(out.slice(-2)).toEqual(["docs/The bänk.md is up to date", "docs/The bänk.md is up to date"]);
    expect(project.read("docs/The bänk.md")).toBe(expected);
  });

  it("creates files: with markers, as a diagram, as JSON", async () => {
    for (const file of ["new/graph.md", "graph.mmd", "graph.json"]) expect(await graph("--out", file)).toBe(0);
    expect(project.read("new/graph.md")).toMatch(/^<!-- potter graph -->\n\n```mermaid\nflowchart LR\n/);
    expect(project.read("graph.mmd")).toBe(diagram);
    expect(Object.keys(JSON.parse(project.read("graph.json")))).toEqual(["nodes", "edges"]);
  });

  it("says of a Markdown file without markers which lines to add", async () => {
    project.write("NOTES.md", "# Mine\n");
    expect(await graph("--out", "NOTES.md")).toBe(1);
    const [message = ""] = errors;
    expect(message).toMatch(/^potter: NOTES\.md does not say where the diagram belongs: add these two lines there/);
    project.write("NOTES.md", `# Mine\n${message.slice(message.indexOf("\n\n"))}\n`);
    expect(await graph("--out", "NOTES.md")).toBe(0);
    expect(project.read("NOTES.md")).toContain("```mermaid\nflowchart LR\n");
  });

  it.each([
    [["--out", "main.ts"], "--out main.ts: expected a file that ends in .md, .mmd, .mermaid, .json"],
    [["--out", "a.md", "--format", "json"], "--out a.md cannot have --format json"],
    [["--check"], "--check needs --out, the file to look at"],
    [
      ["--service", "AcountService"],
      "--service AcountService: the contract has no such service; did you mean AccountService?",
    ],
    [["--package", "shop"], "--package shop: the contract has no such package; expected one of bank.v1"],
    [
      ["--out", "nomarkers.md"],
      "nomarkers.md: expected one line <!-- potter graph --> and after it one line <!-- end of potter graph -->, between which the diagram is: remove the other ones",
    ],
  ])("refuses %j", async (args, message) => {
    project.write("nomarkers.md", "# Mine\n<!-- end of potter graph -->\n<!-- potter graph -->\n");
    project.write("main.ts", "export {};\n");
    expect(await graph(...args)).toBe(message.startsWith("nomarkers") ? 1 : 2);
    expect(errors).toEqual([`potter: ${message}`]);
    expect(project.read("nomarkers.md")).toContain("# Mine");
    expect(project.read("main.ts")).toBe("export {};\n");
  });

  it("shows the reactions in the code of a folder, without tests", async () => {
    const code = (name: string) => `import { handle, reaction } from "@potter/runtime";
      import { AccountOpened, AccountService } from "../gen/bank/v1/account_cqrs.js";
      import { Other } from "../gen/other_cqrs.js";
      export const welcome = reaction({
        name: ${JSON.stringify(name)},
        on: [
          handle(AccountOpened, (event, ctx) => ctx.send(AccountService.methods.openAccount, {})),
          handle(Other, () => {}),
        ],
      });
    `;
    project.write("src/reactions/welcome.ts", code('say "wëlcome"; #1'));
    project.write("src/reactions/welcome.test.ts", code("in a test"));
    expect(await graph("--reactions", "src")).toBe(0);
    expect(
      out
        .pop()
        ?.split("\n")
        .filter((line) => !diagram.includes(line)),
    ).toEqual([
      '  reaction_say__w_lcome____1[/"say #34;wëlcome#34;#59; #35;1"/]'.replace("wëlcome", "w#235;lcome"),
      "  event_AccountOpened --> reaction_say__w_lcome____1",
      "  reaction_say__w_lcome____1 --> command_AccountService_OpenAccount",
    ]);
    expect(await graph("--reactions", "nowhere")).toBe(2);
    expect(errors).toEqual(["potter: --reactions nowhere: there is no such folder"]);
  });

  it("shows the errors of the contract", async () => {
    project.write(
      "proto/b.proto",
      'syntax = "proto3"; package b; import "potter/v1/options.proto"; message B { option (potter.v1.read_model) = {from: "Nope"}; string b_id = 1 [(potter.v1.field).id = true]; }',
    );
    expect(await graph("--out", "x.md")).toBe(1);
    project.remove("proto/b.proto");
    expect(errors.join("\n")).toContain("proto/b.proto:1:");
    expect(errors.join("\n")).toContain("error unknown-reference");
  });
});
