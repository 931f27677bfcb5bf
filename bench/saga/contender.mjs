import { fileURLToPath } from "node:url";
import { startChild } from "../harness/child.mjs";
import { createDatabase, readPostgresCpu } from "../harness/postgres.mjs";
import { startRestate } from "./restate-server.mjs";
import { connections } from "./works.mjs";

const child = fileURLToPath(new URL("child.mjs", import.meta.url));

/** A contender with its server, and at most one worker. `programs`: what `find` has found. */
export class Contender {
  constructor({ name, file, tasks, options, programs }, postgres) {
    this.name = name;
    this.tasks = tasks;
    this.hasPostgres = programs === undefined;
    this.file = file;
    this.options = options;
    this.programs = programs;
    this.postgres = postgres;
  }

  /** The running worker; started if there is none. */
  worker() {
    this.running ??= this.startWorker();
    return this.running;
  }

  async startWorker() {
    if (this.hasPostgres) this.url ??= await createDatabase(this.postgres, process.pid);
    else this.server ??= await startRestate(this.programs.server);
    const options = { ...this.options, ...this.held, url: this.url, restate: this.server, connections };
    return startChild(child, [this.file, JSON.stringify(options)], {
      pinned: false,
      ...(this.programs && { program: this.programs.node }),
    });
  }

  /** Begins with an empty database, and a worker with these options. */
  async anew(held) {
    await this.stop();
    this.held = held;
  }

  /** Kills the worker. The next one is as others are. */
  async kill() {
    this.held = undefined;
    await (await this.running).kill();
    this.running = undefined;
  }

  /** CPU microseconds of the database; undefined where they cannot be read. */
  readServerCpu() {
    return this.server ? this.server.readCpu() : readPostgresCpu();
  }

  async stop() {
    await (await this.running)?.stop();
    await this.server?.stop();
    this.running = undefined;
    this.server = undefined;
    this.url = undefined;
  }
}
