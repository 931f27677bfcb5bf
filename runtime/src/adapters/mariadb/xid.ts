/** Marks the branches of Potter among those of other transaction managers: "Potr". */
const formatId = 0x506f_7472;

/** A row of `XA RECOVER`. */
export interface RecoverRow {
  readonly formatID: number | string;
  readonly gtrid_length: number | string;
  readonly bqual_length: number | string;
  /** Both parts after one another, in whatever type the driver returns binary text. */
  readonly data: Uint8Array | string;
}

/** A gid in SQL: what precedes its last colon is the `gtrid`, the rest the `bqual`, of at most 64 bytes each. */
export function toXid(gid: string): string {
  const at = gid.lastIndexOf(":");
  return `X'${toHex(gid.slice(0, at))}',X'${toHex(gid.slice(at + 1))}',${formatId}`;
}

/** The gid of a row of `XA RECOVER`; undefined for branches of other transaction managers. */
export function fromRecoverRow({ formatID, gtrid_length: length, data }: RecoverRow): string | undefined {
  if (Number(formatID) !== formatId) return undefined;
  const text = typeof data === "string" ? data : new TextDecoder("latin1").decode(data);
  return `${text.slice(0, Number(length))}:${text.slice(Number(length))}`;
}

function toHex(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
