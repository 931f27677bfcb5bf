// This release reads the events that earlier releases have stored, byte for byte: with both message libraries, on every
// path. `RECORD_EVENTS=0.2 npx vitest run tests/event-corpus.test.ts` records the events of a release. An existing file is never
// overwritten.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileProto, emitCqrs, emitMessages, messageLibraries, Project } from "../generator/src/testing/index.js";
import { readText, root } from "./sources.js";

const folder = join(root, "tests/stored-events/stored");
const digests = join(folder, "digests.json");
const readDigests = (): Record<string, string> => JSON.parse(readFileSync(digests, "utf8")) as Record<string, string>;
const digest = (text: string) => createHash("sha256").update(text).digest("hex");

interface StoredLine {
  readonly stream: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly json: unknown;
}

function readLines(file: string): readonly StoredLine[] {
  const text = readFileSync(join(folder, file), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as StoredLine);
}

/** Records the events that this release stores, under its version. */
function keep(name: string, lines: readonly unknown[]): void {
  const path = join(folder, `${name}.ndjson`);
  if (existsSync(path)) throw new Error(`${name}.ndjson is there: what a release has stored does not change`);
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  writeFileSync(path, text);
  const known = existsSync(digests) ? readDigests() : {};
  writeFileSync(digests, `${JSON.stringify({ ...known, [`${name}.ndjson`]: digest(text) }, null, 2)}\n`);
}

const projects: Project[] = [];

async function open(messages: (typeof messageLibraries)[number]): Promise<Project> {
  const request = compileProto({ "shipments.proto": readText("tests/stored-events/shipments.proto") });
  const files = {
    ...emitMessages(request, messages, []),
    ...emitCqrs(request, messages),
    "app.ts": readText("tests/stored-events/app.ts"),
    "stored-events.ts": readText("tests/stored-events/stored-events.ts"),
  };
  const project = new Project(files);
  projects.push(project);
  const entryPoints = Object.keys(files).map((path) => join(project.folder, path));
  await build({ entryPoints, outdir: project.folder, outbase: project.folder, format: "esm", logLevel: "error" });
  return project;
}

function run(project: Project, expression: string): unknown {
  project.write("main.mjs", `const app = await import("./app.js");\nconsole.log(JSON.stringify(${expression}));\n`);
  const { stdout, stderr } = project.run("main.mjs");
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

afterAll(() => {
  for (const project of projects) project.remove();
});

const recording = process.env["RECORD_EVENTS"];
if (recording) keep(recording, run(await open("es"), "app.lines()") as readonly unknown[]);
const files = readdirSync(folder).filter((file) => file.endsWith(".ndjson"));

describe("the files of stored events", () => {
  it("are unchanged, and each has a digest", () => {
    const found = files.map((file) => [file, digest(readFileSync(join(folder, file), "utf8"))]);
    expect(Object.fromEntries(found)).toEqual(readDigests());
    expect(files.length).toBeGreaterThan(0);
  });

  it("are never overwritten", () => {
    expect(() => keep("0.1", [])).toThrow("0.1.ndjson is there: what a release has stored does not change");
  });
});

describe("the guide", () => {
  it("shows the code that runs here", () => {
    const run = ["shipments.proto", "app.ts", "stored-events.ts"].map((file) =>
      readText(`tests/stored-events/${file}`),
    );
    const code = run.join("\n");
    const blocks = [
      ...readText("docs/guides/schema-evolution.md").matchAll(/^```(?:ts|typescript|proto)\n([\s\S]*?)^```$/gm),
    ];
    expect(blocks.length).toBeGreaterThan(6);
    expect(blocks.map(([, text = ""]) => text).filter((text) => !code.includes(text))).toEqual([]);
  });
});

describe.each(messageLibraries)("with messages=%s", (messages) => {
  let project: Project;
  beforeAll(async () => {
    project = await open(messages);
  });

  it("the service that reads the events compiles", () => {
    expect(project.typeCheck("--types", "node", "--skipLibCheck")).toBe("");
  });

  it.each(files)("the events of %s are read on every path", (file) => {
    const lines = readLines(file);
    const rows = [
      { shipmentId: "a", city: "Jena", grams: 300, scans: 2, delivered: true },
      { shipmentId: "b", city: "Genève", grams: 1750, scans: 1 },
      { shipmentId: "c", city: "Weimar", grams: 500, scans: 1, delivered: true },
    ];
    const at = (place: string) => `PLACE_${place}`;
    expect(run(project, `await app.replay(${JSON.stringify(lines)})`)).toEqual({
      rows,
      board: rows.map(({ shipmentId, city, scans }) => ({ shipmentId, city, scans })),
      // Three more scans were recorded before the states were requested.
      rebuilt: rows.map((row) => ({ ...row, scans: row.scans + 1 })),
      states: [
        { to: "Jena", where: ["a-1 depot", "a-1 van", "x depot"] },
        { to: "Genève", where: ["b-2 van", "x depot"] },
        { to: "Weimar", where: ["b-1 van", "x depot"], signedBy: "Ada" },
      ],
      history: [
        [
          "a",
          "shipment.booked",
          {
            shipmentId: "a",
            to: { street: "Kahlaische Str. 1", city: "Jena" },
            parcels: [{ parcelId: "a-1", grams: 300 }],
          },
        ],
        ["a", "parcel.scanned", { parcelId: "a-1", at: at("DEPOT") }],
        ["a", "parcel.scanned", { parcelId: "a-1", at: at("VAN") }],
        ["a", "shipment.done", { shipmentId: "a" }],
        [
          "b",
          "shipment.booked",
          {
            shipmentId: "b",
            to: { street: "Rue Émile 5", city: "Genève" },
            parcels: [
              { parcelId: "b-1", grams: 500 },
              { parcelId: "b-2", grams: 1250 },
            ],
          },
        ],
        ["b", "parcel.scanned", { parcelId: "b-2", at: at("VAN") }],
        [
          "c",
          "shipment.booked",
          { shipmentId: "c", to: { street: "Markt 1", city: "Weimar" }, parcels: [{ parcelId: "b-1", grams: 500 }] },
        ],
        ["c", "parcel.scanned", { parcelId: "b-1", at: at("VAN") }],
        ["c", "shipment.done", { shipmentId: "c", signedBy: "Ada" }],
      ],
      described: lines.map(({ json }) => json),
    });
  });

  it("a project can test its own events", () => {
    const ofOne = readLines("0.1.ndjson").filter(({ stream }) => stream === "a");
    const write = (lines: readonly StoredLine[]) =>
      project.write("stored-events.ndjson", lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    write(ofOne);
    expect(project.run("stored-events.js")).toMatchObject({ status: 0, stderr: "" });
    write(ofOne.map((line) => ({ ...line, schemaVersion: 4 })));
    expect(project.run("stored-events.js").stderr).toContain("the contract has lost shipment.booked version 4");
  });

  it("this release stores events that it can read", () => {
    const lines = run(project, "app.lines()") as readonly StoredLine[];
    const kinds = new Set(lines.map(({ type, schemaVersion }) => `${type} ${schemaVersion}`));
    expect([...kinds].sort()).toEqual([
      "parcel.scanned 1",
      "parcel.scanned 2",
      "parcel.scanned 3",
      "shipment.booked 1",
      "shipment.booked 2",
      "shipment.booked 3",
      "shipment.done 1",
    ]);
    const { described } = run(project, `await app.replay(${JSON.stringify(lines)})`) as { described: unknown };
    expect(described).toEqual(lines.map(({ json }) => json));
  });
});
