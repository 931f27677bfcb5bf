// The worker processes: each that dies is replaced, each that is stopped continues, and what one was asked for is asked again.
import { fork } from "node:child_process";

/** How long an answer may take before another process is asked as well, in milliseconds. */
const patience = 4_000;

export class Workers {
  died = 0;
  errors = [];
  /** What did not end as intended: processes that ended by themselves. */
  failure;
  answers = new Map();
  #living = new Map();
  #demands = new Map();
  #counters = new Map();
  #program;
  #config;
  #number = 0;
  #isStopping = false;
  #exits = [];

  /** `program`: the path of the worker; `config(name)`: returns the configuration of a process. */
  constructor(count, program, config) {
    this.#program = program;
    this.#config = config;
    for (let i = 0; i < count; i++) this.#start();
  }

  /** Sums of the counters of all processes. */
  get counters() {
    const sum = { transitions: 0, fenced: 0, takenOver: 0 };
    for (const one of this.#counters.values()) for (const name of Object.keys(sum)) sum[name] += one[name];
    return sum;
  }

  get open() {
    return this.#demands.size;
  }

  /** Demands something of any process, until one has done it. `kind`: of the worker's demands. */
  demand(kind, data) {
    const id = `${kind} ${data.id}`;
    this.#demands.set(id, { kind, data, by: undefined, since: 0 });
  }

  /** Sends what nobody has answered. */
  pump() {
    const now = performance.now();
    const ready = [...this.#living.values()].filter((one) => one.isReady);
    if (ready.length === 0) return;
    for (const demand of this.#demands.values()) {
      if (this.#living.has(demand.by) && now - demand.since < patience) continue;
      const one = ready[Math.floor(Math.random() * ready.length)];
      Object.assign(demand, { by: one.name, since: now });
      one.child.send({ kind: demand.kind, data: demand.data }, () => {});
    }
  }

  /** Continues a process, if it lives. */
  resume(name) {
    this.#living.get(name)?.child.kill("SIGCONT");
  }

  async stop() {
    this.#isStopping = true;
    for (const { child } of this.#living.values()) {
      child.kill("SIGTERM");
      child.kill("SIGCONT");
    }
    await Promise.all(this.#exits);
  }

  async kill() {
    this.#isStopping = true;
    for (const { child } of this.#living.values()) child.kill("SIGKILL");
    await Promise.all(this.#exits);
  }

  #start() {
    const name = `worker-${this.#number++}`;
    const child = fork(this.#program, [JSON.stringify(this.#config(name))], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    const one = { name, child, isReady: false };
    let said = "";
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    this.#living.set(name, one);
    child.on("message", (message) => this.#receive(one, message));
    child.on("error", () => {});
    this.#exits.push(
      new Promise((resolve) => {
        child.once("close", (code, signal) => {
          this.#living.delete(name);
          if (signal === "SIGKILL") this.died++;
          else if (!this.#isStopping)
            this.failure ??= new Error(`${name} ended with ${code ?? signal}: ${said.trim()}`);
          if (!this.#isStopping && this.failure === undefined) this.#start();
          resolve();
        });
      }),
    );
  }

  #receive(one, message) {
    if (message.kind === "ready") one.isReady = true;
    else if (message.kind === "counters") this.#counters.set(one.name, message.counters);
    else if (message.kind === "error") this.errors.push(message.text);
    else if (message.kind === "answer") {
      const demand = this.#demands.get(message.demand);
      if (demand === undefined) return;
      if (message.isDone) {
        this.#demands.delete(message.demand);
        this.answers.set(message.demand, true);
      } else if (demand.by === one.name) demand.since = performance.now() - patience + 200;
    }
  }
}
