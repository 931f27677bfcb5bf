import { PotterError } from "../../errors/index.js";

/** The validated schema of a store, quoted for SQL, with the keys of its advisory locks. */
export interface Schema {
  readonly name: string;
  /** Quoted. */
  readonly sql: string;
  /** Class of the lock that every running append shares. */
  readonly appenders: number;
  /** Class of the exclusive lock of migrations and registrations. */
  readonly changes: number;
  /** Class of the lock that appends with inline projections share. An append takes it exclusively after a deadlock. */
  readonly inline: number;
  /** Object key in all classes: stores in different schemas of one database do not block each other. */
  readonly lock: number;
}

const appenderClass = 0x706f7474;

/** Validates the name of a schema, which becomes part of SQL. */
export function toSchema(name: string): Schema {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(name)) {
    throw new PotterError(
      "invalid_argument",
      `${JSON.stringify(name)} cannot be the schema: expected up to 63 lower-case letters, digits and _, not beginning with a digit`,
    );
  }
  return {
    name,
    sql: `"${name}"`,
    appenders: appenderClass,
    changes: 0x706f7475,
    inline: 0x706f7476,
    lock: hash(name),
  };
}

/** The rows of `pg_locks` that are locks of appenders of any schema of this database. */
export const heldByAnyAppender: string = `locktype = 'advisory' AND granted AND objsubid = 2 AND classid = ${appenderClass}
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/** The rows of `pg_locks` that are locks of appenders of this schema. */
export function heldByAppenders({ lock }: Schema): string {
  return `${heldByAnyAppender} AND objid = ${lock}`;
}

/** FNV-1a, 31 bits: the columns of pg_locks are unsigned, the parameters of the lock functions signed. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value & 0x7fffffff;
}
