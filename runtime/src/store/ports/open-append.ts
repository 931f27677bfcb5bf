/** A transaction that appends and has not ended yet. */
export interface OpenAppend {
  /** How long it has been open, in milliseconds; undefined if the store has no permission to see it. */
  readonly age: number | undefined;
  /** Server process of the transaction. A prepared transaction has none. */
  readonly pid?: number;
  /** Name of the client, such as `applicationName` of the store. */
  readonly applicationName?: string;
  /** Name of a prepared transaction. */
  readonly gid?: string;
  /** State reported by the server, such as `active` or `idle in transaction`; `prepared`: it waits for its second phase. */
  readonly state?: string;
}

/** How long an append may be open before a warning, in milliseconds. */
export const longAppend = 5000;

/** Returns the open appends that are open for long, or for an unknown time. */
export function findLongAppends(open: readonly OpenAppend[]): readonly OpenAppend[] {
  return open.filter(({ age }) => age === undefined || age >= longAppend);
}

/** Describes it: `process 4711 of the server ("potter"), idle in transaction, open for 95 s`. */
export function describeOpenAppend({ age, pid, applicationName, gid, state }: OpenAppend): string {
  const name = applicationName === undefined || applicationName === "" ? "" : ` (${JSON.stringify(applicationName)})`;
  const facts = [
    pid === undefined ? `prepared transaction ${JSON.stringify(gid ?? "")}` : `process ${pid} of the server${name}`,
    ...(state === undefined || pid === undefined ? [] : [state]),
    ...(age === undefined ? [] : [`open for ${Math.round(age / 1000)} s`]),
  ];
  return facts.join(", ");
}
