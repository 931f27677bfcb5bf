// The bank that sagas command remotely: balances, a record of commands and of their effects, in tables of its own.
import pg from "pg";
import { PotterError } from "../../../runtime/dist/errors/index.js";
import { decideCommand } from "../../simulate/bank.mjs";

export class RemoteBank {
  #pool;
  #schema;
  #options;

  /** `options`: guards that are removed, see `decideCommand`. */
  constructor(url, schema, options = {}) {
    this.#pool = new pg.Pool({ connectionString: url, max: 4, connectionTimeoutMillis: 10_000 });
    // Of connections that wait; those at work report an error to their statement as well.
    this.#pool.on("error", () => {});
    this.#pool.on("connect", (client) => client.on("error", () => {}));
    this.#schema = schema;
    this.#options = options;
  }

  /** Executes a command once for each id. Any error of the database means that its effect is unknown. */
  async execute({ name }, request, commandId) {
    const { response, refusal } = await this.#transact((client) => this.#execute(client, name, request, commandId));
    if (refusal !== undefined) throw new PotterError(refusal, "the bank refuses");
    return response;
  }

  async stop() {
    await this.#pool.end();
  }

  async #transact(work) {
    let client;
    let error;
    try {
      client = await this.#pool.connect();
      await client.query("BEGIN");
      const outcome = await work(client);
      await client.query("COMMIT");
      return outcome;
    } catch (cause) {
      error = cause;
      throw new PotterError("unavailable", "the bank does not answer", { cause });
    } finally {
      client?.release(error);
    }
  }

  async #execute(client, name, request, commandId) {
    const bank = this.#schema;
    const { saga, step, element, account, amount } = request;
    const key = JSON.stringify([saga, step, element]);
    const text = JSON.stringify(request);
    // A second command with this id waits for the first one.
    const { rowCount } = await client.query(
      `INSERT INTO ${bank}.commands (id, request) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
      [commandId, text],
    );
    if (rowCount === 0) {
      const { rows } = await client.query(`SELECT request, outcome FROM ${bank}.commands WHERE id = $1`, [commandId]);
      if (rows[0].request !== text) {
        await client.query(`INSERT INTO ${bank}.faults VALUES ('a command id names two requests')`);
      }
      if (!this.#options.forgetful) return rows[0].outcome;
    }
    await client.query(`INSERT INTO ${bank}.steps (key) VALUES ($1) ON CONFLICT DO NOTHING`, [key]);
    const { rows: steps } = await client.query(`SELECT * FROM ${bank}.steps WHERE key = $1 FOR UPDATE`, [key]);
    const { rows: accounts } = await client.query(`SELECT balance FROM ${bank}.accounts WHERE id = $1 FOR UPDATE`, [
      account ?? "",
    ]);
    const { is_done: isDone, is_undone: isUndone, is_barred: isBarred } = steps[0];
    const known = { isDone, isUndone, isBarred, balance: accounts[0]?.balance ?? 0 };
    const decision = decideCommand(known, name, request, this.#options);
    const { refusal, phase } = decision;
    const outcome = refusal === undefined ? { response: { text: decision.text } } : { refusal };
    await client.query(`UPDATE ${bank}.commands SET outcome = $2 WHERE id = $1`, [commandId, outcome]);
    if (decision.isBarred) await client.query(`UPDATE ${bank}.steps SET is_barred = true WHERE key = $1`, [key]);
    if (phase === undefined) return outcome;
    const flag = phase === "do" ? "is_done" : "is_undone";
    await client.query(`UPDATE ${bank}.steps SET ${flag} = true WHERE key = $1`, [key]);
    await client.query(`UPDATE ${bank}.accounts SET balance = balance + $2 WHERE id = $1`, [account, decision.moved]);
    await client.query(
      `INSERT INTO ${bank}.effects (command_id, key, saga, step, element, phase, method, amount)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [commandId, key, saga, step, element, phase, name, amount],
    );
    return outcome;
  }
}
