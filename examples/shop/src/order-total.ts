import type { OrderLine } from "../gen/shop/orders/v1/orders_pb.js";

/** What the int64 of a total can hold. */
export const largestTotal = 2n ** 63n - 1n;

/** What the lines of an order come to, in cents. Each line is in the range of int64; together they need not be. */
export function totalOf(lines: readonly Pick<OrderLine, "quantity" | "unitPrice">[]): bigint {
  return lines.reduce((sum, line) => sum + line.unitPrice * BigInt(line.quantity), 0n);
}
