// What is generated for the fixtures is compiled at the strictest settings, together with what the message libraries'
// own plugins write, and run by Node itself.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  emitCqrs,
  emitGraphQL,
  emitMessages,
  emitSagas,
  messageLibraries,
  Project,
  refused,
  requestAll,
  root,
} from "../../testing/index.js";

/** User code: the files next to the protos of a scenario, and the checks of all codecs. */
const users = {
  "bank.ts": "annotated/app.ts",
  "tasks.ts": "cyclic-files/app.ts",
  "names.ts": "hostile-names/app.ts",
  "sagas.ts": "sagas/app.ts",
  "round-trip.ts": "round-trip.ts",
};

const circle = ["boards", "events", "state"].map((name) => `./fixture/cyclic/v1/${name}_cqrs.js`);

describe.each(messageLibraries)("with messages=%s", (messages) => {
  let project: Project;
  let generated: readonly string[];

  beforeAll(async () => {
    const request = requestAll();
    const left: readonly string[] = refused[messages].cqrs;
    const written = {
      ...emitCqrs(request, messages),
      ...emitSagas(request, messages),
      ...emitGraphQL(request, { output: "file" }),
    };
    const cqrs = Object.entries(written).filter(([path]) => path.endsWith(".ts") && !left.includes(path));
    generated = cqrs.map(([path]) => path);
    const files = {
      ...emitMessages(request, messages, refused[messages].messages),
      ...Object.fromEntries(cqrs),
      ...Object.fromEntries(Object.entries(users).map(([path, from]) => [path, readFixture(from)])),
    };
    project = new Project(files);
    const entryPoints = Object.keys(files).map((path) => join(project.folder, path));
    await build({ entryPoints, outdir: project.folder, outbase: project.folder, format: "esm", logLevel: "error" });
  });

  afterAll(() => project.remove());

  /** The result of a module that Node runs after others, as JSON. */
  function run(expression: string, ...first: readonly string[]): unknown {
    const imports = first.map((path) => `import ${JSON.stringify(path)};\n`).join("");
    project.write("main.mjs", `${imports}console.log(JSON.stringify(${expression}));\n`);
    const { stdout, stderr } = project.run("main.mjs");
    if (stdout === "") throw new Error(stderr);
    return JSON.parse(stdout);
  }

  test("all generated files and user code for them compile", () => {
    expect(project.typeCheck()).toBe("");
  });

  test("errors in user code do not compile", () => {
    project.write(
      "mistake.ts",
      readFixture("cyclic-files/app.ts").replace("command.title }", "command.title.length }"),
    );
    project.write("sagas-mistake.ts", sagaMistakes);
    const complaints = project.typeCheck();
    project.write("mistake.ts", "");
    project.write("sagas-mistake.ts", "");
    expect(complaints.split("\n").filter((line) => /^mistake/.test(line))).toEqual([
      "mistake.ts(10,79): error TS2322: Type 'number' is not assignable to type 'string'.",
    ]);
    // The last line of each error says what is wrong, the first where.
    const ofSagas = complaints.split(/\n(?=\S)/).filter((error) => error.startsWith("sagas-mistake"));
    expect(ofSagas.map((error) => [error.match(/\d+/)?.[0], error.trim().split("\n").at(-1)])).toEqual([
      ["2", expect.stringContaining("Property 'charge' is missing in type '{}'")],
      ["3", expect.stringContaining("Property 'compensation' is missing in type '{ command: () => {}; }'")],
      ["4", expect.stringContaining("amount")],
      ["5", expect.stringContaining("Type 'number' is not assignable to type 'string'")],
      ["6", expect.stringContaining("Property 'number' does not exist on type 'Payment'")],
      ["7", expect.stringContaining("Did you mean to write 'settled'?")],
    ]);
  });

  test("generated files satisfy isolatedDeclarations and erasableSyntaxOnly", () => {
    const complaints = project.typeCheck("--isolatedDeclarations", "--declaration", "--erasableSyntaxOnly");
    expect(complaints.split("\n").filter((line) => /^\S+_(cqrs|descriptors|graphql|saga)\.ts\(/.test(line))).toEqual(
      [],
    );
  });

  test("all codecs round-trip", () => {
    const modules = generated
      .filter((path) => path.endsWith("_cqrs.ts"))
      .map((path) => `./${path.replace(/ts$/, "js")}`);
    const imports = modules.map((path) => `await import(${JSON.stringify(path)})`);
    const result = run(`(await import("./round-trip.js")).roundTrip([${imports.join(", ")}])`);
    expect(result).toEqual({ wrong: [], count: messages === "es" ? 226 : 220 });
  });

  test.each(circle)("files with cyclic imports load in any order: %s first", (first) => {
    expect(run(`await (await import("./tasks.js")).run()`, first)).toEqual({
      added: { taskId: "t1", title: "Close the circle" },
      openTask: { taskId: "t1", title: "Close the circle" },
      finished: { done: true },
      doneTask: { taskId: "t1", title: "Close the circle", done: true },
      twice: "failed_precondition",
      reminded: "failed_precondition",
      openBoard: { boardId: "b1" },
      history: ["fixture.cyclic.v1.TaskAdded", "fixture.cyclic.v1.TaskDone"],
      http: { status: 200, body: { taskId: "t1", title: "Close the circle", done: true } },
    });
  });

  test("definitions of sagas contain their steps as data", () => {
    expect(run(`(await import("./sagas.js")).run()`)).toEqual({
      name: "fixture.sagas.v1.Checkout",
      version: 3,
      key: "o1",
      startsOn: "fixture.sagas.v1.OrderPlaced",
      steps: [
        ["reserve", "command", "reserve", 0],
        ["pay", "saga", "pay", 0],
        ["approval", "event", "approval", 2],
        ["deliveryTime", "timer", "delivery_time", 2],
        ["ship", "command", "ship", 1],
        ["coolingOff", "timer", "cooling_off", 1],
        ["thanks", "command", "thanks", 1],
        ["confirmByHand", "command", "confirm_by_hand", 2],
      ],
      command: "fixture.sagas.v1.StockService.Reserve",
      child: "fixture.sagas.v1.Payment",
      until: ["undefined", Date.parse("2026-01-02T03:04:05Z")],
      matches: [
        ["7", "7", true],
        ["p1", "", false],
      ],
      personal: [false, true, false],
    });
  });

  test("names that collide with built-in ones work", () => {
    const events = ["Date", "Function", "constructor", "__proto__", "Object", "Request.toString"];
    const rpcs = ["GetItem", "getItem", "GETItem", "Get_item", "Delete", "delete", "constructor", "Constructor"];
    expect(run(`await (await import("./names.js")).run()`)).toEqual({
      same: true,
      refused: "promise",
      changed: true,
      row: {},
      history: events.map((name) => `fixture.hostile.v1.${name}`),
      answers: Object.fromEntries(rpcs.map((name) => [name, name])),
    });
  });
});

/** One mistake a line, in the behaviour of a saga. */
const sagaMistakes = `import { Payment } from "./fixture/sagas/v1/payment_saga.js";
Payment.saga({ steps: {} });
Payment.saga({ steps: { charge: { command: () => ({}) } } });
Payment.saga({ steps: { charge: { command: () => ({ amount: 1 }), compensation: () => ({}) } } });
Payment.saga({ steps: { charge: { command: () => ({ card: 1 }), compensation: () => ({}) } } });
Payment.saga({ steps: { charge: { command: (data) => ({ card: data.number }), compensation: () => ({}) } } });
Payment.saga({ steps: { charge: { command: () => ({}), compensation: () => ({}) }, settle: {} } });
`;

function readFixture(path: string): string {
  return readFileSync(join(root, "fixtures", path), "utf8");
}
