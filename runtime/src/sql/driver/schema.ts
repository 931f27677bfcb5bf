import { PotterError } from "../../errors/index.js";

/** A schema of the database, checked, ready to be written into SQL, with the keys of its advisory locks. */
export interface Schema {
  readonly name: string;
  /** Quoted. */
  readonly sql: string;
  /** Class of the lock that every living appender shares. */
  readonly appenders: number;
  /** Class of the lock that migrations and registrations take alone. */
  readonly changes: number;
  /** Class of the lock that appends with inline projections share, and that one takes alone which met another in a deadlock. */
  readonly inline: number;
  /** Object within all of them: stores in different schemas of one database need not wait for one another. */
  readonly lock: number;
}

/** Checks the name of a schema: it goes into SQL as it is. */
export function toSchema(name: string): Schema {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(name)) {
    throw new PotterError(
      "invalid_argument",
      `${JSON.stringify(name)} cannot be the schema: expected up to 63 lower-case letters, digits and _, not beginning with a digit`,
    );
  }
  return { name, sql: `"${name}"`, appenders: 0x706f7474, changes: 0x706f7475, inline: 0x706f7476, lock: hash(name) };
}

/** FNV-1a, 31 bits: the columns of pg_locks are unsigned, the parameters of the lock functions signed. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value & 0x7fffffff;
}
