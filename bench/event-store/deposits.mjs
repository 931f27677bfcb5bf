import { randomBytes } from "node:crypto";

/** The deposit that everybody appends. Contenders that write JSON may keep `amount` as a number and the time as text. */
export function deposit(accountId, n) {
  return { accountId, amount: 1_000 + (n % 500), currency: "EUR", reference: `invoice 2026-${n}`, bookedAt };
}

/** What `count` deposits from number 0 sum up to. */
export function expectedTotal(count) {
  let total = 0;
  for (let n = 0; n < count; n++) total += 1_000 + (n % 500);
  return total;
}

export const bookedAt = "2026-11-24T10:30:00.125Z";
export const bookedAtTimestamp = { seconds: BigInt(Date.parse(bookedAt)) / 1_000n, nanos: 125_000_000 };

/** A UUID of version 7, as most services use: ordered by time, so that all indexes grow at their end. */
export function newId() {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
