// The examples are complete and written as people write: the scaffold finds all of their parts and has nothing to do.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { analyse } from "@potter/generator";
import { expect, it } from "vitest";
import { compileProto, root } from "../../../generator/src/testing/index.js";
import { scaffold } from "./scaffold.js";

it.each(["shop", "sagas", "two-phase-commit"])("has nothing to do in examples/%s", async (name) => {
  const folder = join(root, "examples", name);
  const protos = readdirSync(join(folder, "proto"), { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".proto"),
  );
  const texts = protos.map((path) => [path, readFileSync(join(folder, "proto", path), "utf8")]);
  const { model } = analyse(compileProto(Object.fromEntries(texts)));
  const outputs = { cqrs: "gen", saga: "gen" };
  const result = await scaffold({ root: folder, models: [model], outputs, importExtension: "js", dryRun: true });
  expect([result.diff, result.notes]).toEqual(["", []]);
});
