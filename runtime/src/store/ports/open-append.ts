/** A transaction that has appended, or is about to, and has not ended yet. */
export interface OpenAppend {
  /** How long it has been open, in milliseconds; undefined where the store may not say. */
  readonly age: number | undefined;
  /** Process of the server that serves it. A prepared transaction has none. */
  readonly pid?: number;
  /** What the client calls itself, such as `applicationName` of the store. */
  readonly applicationName?: string;
  /** Name of a prepared transaction. */
  readonly gid?: string;
  /** What the server says of it, such as `active` or `idle in transaction`; `prepared`: it waits for its second phase. */
  readonly state?: string;
}

/** How long an append may be open before it is worth a warning, in milliseconds. */
export const longAppend = 5000;

/** Of appends that are open, those that have been so for long, or for nobody knows how long. */
export function findLongAppends(open: readonly OpenAppend[]): readonly OpenAppend[] {
  return open.filter(({ age }) => age === undefined || age >= longAppend);
}

/** Names it: `process 4711 of the server ("potter"), idle in transaction, open for 95 s`. */
export function describeOpenAppend({ age, pid, applicationName, gid, state }: OpenAppend): string {
  const name = applicationName === undefined || applicationName === "" ? "" : ` (${JSON.stringify(applicationName)})`;
  const facts = [
    pid === undefined ? `prepared transaction ${JSON.stringify(gid ?? "")}` : `process ${pid} of the server${name}`,
    ...(state === undefined || pid === undefined ? [] : [state]),
    ...(age === undefined ? [] : [`open for ${Math.round(age / 1000)} s`]),
  ];
  return facts.join(", ");
}
