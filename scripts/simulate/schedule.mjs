// One schedule: everything that happens follows from its seed.

import { deposit } from "./accounts.mjs";
import { Bank } from "./bank.mjs";
import { findViolations, isHeld } from "./invariants.mjs";
import { Observer } from "./observer.mjs";
import { SimulatedProcess } from "./process.mjs";
import { transferTypes } from "./sagas.mjs";
import { World } from "./world.mjs";

/** How long faults happen, and how long sagas have to end without, in milliseconds of the virtual clock. */
const faulty = 45_000;
const calm = 900_000;
const lease = 2_000;
/** In one of so many schedules rows are encoded and decoded. */
const seedsPerDecoded = 10;
const stepsThatMayFail = ["debit_other", "fee", "seal", "settle", "open", "close"];

/** Runs a schedule. `only`: the faults that may happen. Returns the violations, the faults and what was counted. */
export async function runSchedule({ seed, only, runtime, sagas, bank: bankOptions, guards }) {
  const world = new World(seed, only);
  const begin = world.now;
  const observer = new Observer(world, seed % seedsPerDecoded === 0);
  const accounts = 4;
  const bank = new Bank(accounts, 20, () => world.now, bankOptions);
  const { total } = bank;
  const store = runtime.memory();
  const started = new Map();
  const deliveries = new Map();
  const releases = [];
  const deposits = [];
  const processes = [];
  const boot = (number) => {
    const one = new SimulatedProcess({ number, world, store, bank, runtime, parts: sagas, observer, guards });
    processes[number] = one;
    void one.start(lease);
  };
  const count = world.integer("processes", 2, 4);
  for (let i = 0; i < count; i++) boot(i);

  /** Calls the engine of any living process, again until it answers; while none answers, another one. */
  const ask = async (name, work) => {
    for (;;) {
      const alive = processes.filter((one) => !one.isDead && one.isStarted);
      const one = alive[world.integer(name, 0, alive.length - 1)];
      if (one !== undefined) {
        const answer = await Promise.race([
          work(one.engine, one.bus).then(
            (value) => ({ value }),
            () => undefined,
          ),
          world.sleep(10_000),
        ]);
        if (answer !== undefined) return answer.value;
      }
      await world.sleep(100);
    }
  };

  const transfers = world.integer("transfers", 1, 3);
  const types = Array.from({ length: transfers }, () => transferTypes[world.integer("type", 0, 1)]);
  const pick = (name) => `a${world.integer(name, 0, accounts - 1)}`;
  const batches = ["b0", "b1"];
  for (let i = 0; i < transfers; i++) {
    const id = `t${i}`;
    const type = types[i];
    const amount = world.integer("amount", 1, 12);
    const data = {
      id,
      from: pick("from"),
      other: pick("other"),
      payer: pick("payer"),
      batch: batches[world.integer("batch", 0, 3) === 0 ? 1 : 0],
      to: [pick("to"), pick("to")],
      amount,
      late: true,
      log: [],
    };
    if (world.random("refuse") < 0.4) data.refuse = stepsThatMayFail[world.integer("refuse step", 0, 5)];
    if (world.random("hard") < 0.05) data.hard = "debit";
    const key = { type, tenant: "", id };
    world.schedule(world.integer("start", 0, 4_000), async () => {
      const starts = world.fault("started again", 0.3, id) ? 3 : 1;
      const all = Array.from({ length: starts }, () =>
        ask("starter", (engine) => engine.startSaga(key, data, { correlationId: id })),
      );
      const isNew = await Promise.all(all);
      started.set(id, type);
      if (isNew.filter((one) => one).length > 1) observer.violations.add("once", "a saga was started a second time");
    });
    approve(type, id);
  }

  /** The log is read at least once, by any process. */
  function approve(type, id) {
    if (world.fault("never approved", 0.1, id)) return;
    const times = world.fault("event repeated", 0.3, id) ? world.integer("repeated", 2, 5) : 1;
    const seen = [];
    deliveries.set(id, seen);
    for (let i = 0; i < times; i++) {
      world.schedule(world.random("approved") * 15_000, async () => {
        await ask("reader", (engine) => receive(engine, type, "approve", { id }, id));
        seen.push(world.now);
      });
    }
  }

  function receive(engine, type, step, event, stream) {
    const { steps } = engine.need(type).definition;
    return engine.receive(type, "", steps[step], event, stream);
  }

  /** Events that each concern several sagas: one early, one late. */
  for (const batch of batches) {
    for (const earliest of [0, 12_000]) {
      const times = world.fault("release repeated", 0.3, batch) ? 2 : 1;
      for (let i = 0; i < times; i++) {
        world.schedule(earliest + world.random("released") * 12_000, async () => {
          const release = { batch, began: world.now, ended: Number.POSITIVE_INFINITY };
          releases.push(release);
          for (const type of new Set(types)) {
            await ask("reader", (engine) => receive(engine, type, "release", { batch }, batch));
          }
          release.ended = world.now;
        });
      }
    }
  }

  /** Commands of others on the same accounts. */
  const concurrent = world.integer("deposits", 0, 4);
  for (let i = 0; i < concurrent; i++) {
    const account = pick("deposit account");
    const request = { saga: "teller", step: "deposit", element: i, account, amount: world.integer("deposit", -2, 4) };
    world.schedule(world.random("deposited") * 20_000, async () => {
      const options = { commandId: `deposit ${i}` };
      // A refusal is an answer.
      const isRefused = await ask("teller", (_, bus) =>
        bus.dispatch(deposit, request, options).then(
          () => false,
          (error) => {
            if (error.code === "failed_precondition") return true;
            if (error.code === "unavailable" || error.code === "aborted") throw error;
            observer.violations.add("engine", `a deposit failed: ${error.cause ?? error}`);
            return true;
          },
        ),
      );
      deposits.push({ element: i, amount: request.amount, isRefused });
    });
  }

  for (let i = 0; i < 6; i++) {
    const at = world.random("trouble at") * faulty;
    const number = world.integer("trouble process", 0, count - 1);
    const down = world.integer("down", 100, 8_000);
    if (world.fault("crash", 0.4, `process ${number}`)) {
      world.schedule(at, () => {
        processes[number].crash();
        world.schedule(down, () => boot(number));
      });
    } else if (world.fault("freeze", 0.5, `process ${number} for ${down}`)) {
      world.schedule(at, () => {
        processes[number].freeze();
        world.schedule(down, () => processes[number].thaw());
      });
    }
  }
  for (let i = 0; i < transfers; i++) {
    const demand = ["cancel", "pause", "retry", "cancel"][world.integer("demand", 0, 3)];
    if (!world.fault("operator", 0.4, demand)) continue;
    world.schedule(world.random("operator at") ** 2 * 30_000, () =>
      ask("operator", (engine) => engine.apply({ type: types[i], tenant: "", id: `t${i}` }, { kind: demand })),
    );
  }

  const isOver = () => {
    if (started.size < transfers || deposits.length < concurrent) return false;
    for (const row of observer.rows.values()) {
      if (row.status !== "completed" && row.status !== "compensated" && !isHeld(row)) return false;
    }
    return true;
  };
  await world.run(begin + faulty, isOver);
  world.isCalm = true;
  for (const one of processes) one.thaw();
  // A person looks after what waits for one.
  const attend = () => {
    for (const [id, { status, paused, data }] of observer.rows) {
      if (!paused && status !== "suspended") continue;
      if (status === "suspended" && data.hard !== undefined) continue;
      const [name, key] = id.split(" ");
      void ask("operator", (engine) => engine.apply({ type: name, tenant: "", id: key }, { kind: "resume" }));
    }
    world.schedule(20_000, attend);
  };
  attend();
  await world.run(world.now + calm, isOver);
  // What is late arrives, first while there are processes.
  await world.run(world.now + 10_000);
  for (const one of processes) one.crash();
  await world.run(world.now + 60_000);
  const stored = await store.events.readAll(0, 10_000);
  const { begun, effects } = observer;
  const { texts: violations } = findViolations({
    ...{ bank, observer, total, deliveries, started: started.keys(), typeOf: (id) => started.get(id) },
    accounts: { begun, effects, events: stored.events, deposits, releases },
  });
  const statuses = [...observer.rows.values()].map(({ status }) => status);
  return {
    seed,
    violations,
    faults: world.faults,
    turns: world.turns,
    trace: world.trace >>> 0,
    statuses,
    effects: bank.effects.length + observer.effects.length,
    ...observer.counters,
  };
}
