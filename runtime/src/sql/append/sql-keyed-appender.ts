import { isPotterError } from "../../errors/index.js";
import { streamMapKey } from "../../store/events/index.js";
import type { AppendResult, NewSubjectKey } from "../../store/ports/index.js";
import { isTransient, type Schema, type SqlDriver, type SqlRow } from "../driver/index.js";
import { GroupCommit, type Settled } from "../groups/index.js";
import { readKeyed } from "./append-outcome.js";
import { appendStatements } from "./append-statements.js";
import { bindSingles, findStatement, type SqlAppend } from "./append-values.js";
import { subjectNames, toKeyColumns } from "./key-columns.js";

/** An append to a new stream, and the keys that its events are encrypted under. */
interface KeyedAppend {
  readonly append: SqlAppend;
  readonly keys: readonly NewSubjectKey[];
}

type Result = AppendResult | undefined;

/** Begins streams and creates the keys of their data subjects in the same statement; groups concurrent appends. */
export class SqlKeyedAppender {
  private readonly driver: SqlDriver;
  private readonly text: string;
  private readonly group: GroupCommit<KeyedAppend, Result>;

  constructor(driver: SqlDriver, schema: Schema) {
    this.driver = driver;
    this.text = appendStatements(schema).singlesWithKeys;
    this.group = new GroupCommit((appends) => this.send(appends), keysOf, {
      sizeOf: ({ append }) => append.size,
      patience: driver.patience,
      gather: driver.blocks,
    });
  }

  /** undefined: nothing was written. The stream or a key exists, or this is not a single event without a command. */
  async append(append: SqlAppend, keys: readonly NewSubjectKey[]): Promise<Result> {
    const { inline } = append.context;
    const isPossible =
      inline === undefined && append.append.expectedVersion === 0 && findStatement([append]) === "singles";
    return isPossible ? this.group.run({ append, keys }) : undefined;
  }

  /** One append that cannot be carried out must not fail the others. */
  private async send(appends: readonly KeyedAppend[]): Promise<readonly Settled<Result>[]> {
    const done = await this.tryAll(appends);
    if (done !== undefined) return done.map((result) => ({ result }));
    if (appends.length === 1) return [{ result: undefined }];
    return (await Promise.all(appends.map((one) => this.send([one])))).flat();
  }

  /** All or nothing. undefined: nothing was written. */
  private async tryAll(keyed: readonly KeyedAppend[]): Promise<readonly AppendResult[] | undefined> {
    const appends = keyed.map(({ append }) => append);
    const statement = { name: "potter_append_with_keys", text: this.text };
    try {
      const [row] = await this.driver.query(statement, [
        ...bindSingles(appends),
        ...toKeyColumns(keyed.flatMap(({ keys }) => keys)),
      ]);
      return readKeyed(row as SqlRow, appends);
    } catch (error) {
      // Only the outcome of a broken connection is unknown. Other errors are reported by the append that follows.
      if (isTransient(error) || !isPotterError(error) || error.code !== "unavailable") return undefined;
      throw error;
    }
  }
}

/** Appends of one call must differ in their stream and in their subjects. */
function keysOf({ append, keys }: KeyedAppend): readonly string[] {
  return [streamMapKey(append.append.stream), ...subjectNames(keys)];
}
