// PGlite databases in memory start from a copy of an empty one: creating one takes seconds of CPU time in every test file.
import { mkdirSync, openAsBlob, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { readText, root } from "./sources.js";

const { version } = JSON.parse(readText("node_modules/@electric-sql/pglite/package.json")) as {
  readonly version: string;
};
const folder = join(root, "node_modules/.cache/potter");
const file = join(folder, `pglite-${version}.tar`);

const create = PGlite.create.bind(PGlite);
let template: Promise<Blob> | undefined;

async function readTemplate(): Promise<Blob> {
  try {
    return await openAsBlob(file);
  } catch {
    const database = await create();
    const dump = await database.dumpDataDir("none");
    await database.close();
    // Atomically, since another worker may write the same file.
    const own = `${file}.${process.pid}`;
    mkdirSync(folder, { recursive: true });
    writeFileSync(own, new Uint8Array(await dump.arrayBuffer()));
    renameSync(own, file);
    return dump;
  }
}

PGlite.create = (async (...given: readonly unknown[]) => {
  if (given.some((one) => one !== undefined)) return create(...(given as []));
  template ??= readTemplate();
  return create({ loadDataDir: await template });
}) as typeof PGlite.create;
