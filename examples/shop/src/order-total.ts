import type { OrderLine } from "../gen/shop/orders/v1/orders_pb.js";

/** The largest int64. */
export const largestTotal = 2n ** 63n - 1n;

/** The total of the lines of an order, in cents. Each line is in the range of int64; the total need not be. */
export function totalOf(lines: readonly Pick<OrderLine, "quantity" | "unitPrice">[]): bigint {
  return lines.reduce((sum, line) => sum + line.unitPrice * BigInt(line.quantity), 0n);
}
