import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { App } from "../../app/index.js";
import { PotterError } from "../../errors/index.js";
import type { MigrationStatus, Store } from "../../store/ports/index.js";
import { UsageError } from "./usage-error.js";

/** The app or the store that a command operates on. */
export interface Target {
  /** undefined: the module exports only a store. */
  readonly app: App | undefined;
  readonly store: Store;
  /** The store without decryption: personal fields of its events are encrypted. */
  readonly rawStore: Store;
  /** Connects to read: runs no migration and no projection. Throws if migrations of this release are pending. */
  connect(): Promise<Store>;
  /** Connects and migrates, to write. Runs no projections. */
  migrate(): Promise<Store>;
  /**
   * Opens the app to read, and to change what other processes then carry out: it does not start. Throws if the module exports only a
   * store, or if migrations of this release are pending.
   */
  open(): Promise<App>;
  close(): Promise<void>;
}

/** Loads the module that exports the app: the given one, or the one that the nearest package.json names. */
export async function openTarget(folder: string, given: string | undefined): Promise<Target> {
  const path = given === undefined ? findModule(folder) : resolve(folder, given);
  const exported = await load(path);
  const app = isApp(exported["app"]) ? exported["app"] : undefined;
  const store = app?.store ?? (isStore(exported["store"]) ? exported["store"] : undefined);
  if (store === undefined) throw new PotterError("failed_precondition", describeExports(path, exported));
  return toTarget(app, store, path);
}

function toTarget(app: App | undefined, store: Store, path: string): Target {
  let close = () => store.stop();
  const checkMigrations = async () => {
    const status = await store.migrations?.status();
    // The store itself decides whether it can work with tables of a later release.
    if (status !== undefined && status.pending.length > 0) throw outOfDate(status);
  };
  const needApp = () => {
    if (app !== undefined) return app;
    throw new PotterError(
      "failed_precondition",
      `this command requires an app, but ${path} exports only a store: add export const app = createApp(…)`,
    );
  };
  return {
    app,
    store,
    rawStore: app?.rawStore ?? store,
    async connect() {
      await checkMigrations();
      await store.start();
      return store;
    },
    async migrate() {
      await store.start();
      return store;
    },
    async open() {
      const found = needApp();
      await checkMigrations();
      close = () => found.stop();
      await found.open();
      return found;
    },
    close: () => close(),
  };
}

function outOfDate({ place, current, known }: MigrationStatus): PotterError {
  const found =
    current === 0
      ? `the ${place} does not exist yet`
      : `the ${place} has version ${current}, but this release requires ${known}`;
  return new PotterError("failed_precondition", `${found}: run potter db migrate, or start the service`);
}

/** Finds the module that the nearest package.json names. */
function findModule(folder: string): string {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const file = join(at, "package.json");
    const text = readIfThere(file);
    if (text !== undefined) {
      const named = readNamed(file, text);
      if (named !== undefined) return resolve(at, named);
      throw new UsageError(
        `${file} does not name the module of the app: add "potter": { "app": "./dist/app.js" }, or use --app <module>`,
      );
    }
    if (dirname(at) === at) {
      throw new UsageError(`no package.json in ${folder} or above names the module of the app: use --app <module>`);
    }
  }
}

function readNamed(file: string, text: string): string | undefined {
  let manifest: { readonly potter?: { readonly app?: unknown } } | null;
  try {
    manifest = JSON.parse(text);
  } catch {
    throw new PotterError("failed_precondition", `${file} is not valid JSON`);
  }
  const named = manifest?.potter?.app;
  return typeof named === "string" && named !== "" ? named : undefined;
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Loads a module of the user. Throws a PotterError that says whether the file is missing or fails to load. */
export async function load(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (error) {
    const { code, message }: NodeJS.ErrnoException = error instanceof Error ? error : new Error(String(error));
    const missing = code === "ERR_MODULE_NOT_FOUND" && readIfThere(path) === undefined;
    throw new PotterError(
      "failed_precondition",
      missing
        ? `module not found: ${path}: build the service first, or check the path`
        : `cannot load module ${path}: ${message}`,
      { cause: error },
    );
  }
}

function describeExports(path: string, exported: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(exported);
  const wrong = ["app", "store"].find((name) => names.includes(name));
  const found =
    wrong === undefined
      ? `exports ${names.length === 0 ? "nothing" : names.join(", ")}`
      : `exports ${wrong}, which is not ${wrong === "app" ? "an app" : "a store"}`;
  return `${path} ${found}: expected export const app = createApp(…), or export const store = …`;
}

function isApp(value: unknown): value is App {
  return isObject(value) && typeof value["start"] === "function" && isStore(value["store"]);
}

function isStore(value: unknown): value is Store {
  return isObject(value) && typeof value["start"] === "function" && isObject(value["events"]);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
