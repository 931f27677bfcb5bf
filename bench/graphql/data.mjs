// What all servers hold, and what they must answer of it.

const pad = (number, digits) => String(number).padStart(digits, "0");

/** The same at every run. `placedAt` has milliseconds, `colour` is often missing. */
export function createData() {
  const customers = Array.from({ length: 100 }, (_, i) => ({
    customerId: `customer-${pad(i, 3)}`,
    name: `Ann Nr. ${i}`,
    email: `ann-${i}@example.com`,
  }));
  const products = Array.from({ length: 50 }, (_, i) => ({
    sku: `sku-${pad(i, 3)}`,
    title: `A thing of kind ${i}`,
    colour: i % 3 === 0 ? "red" : undefined,
  }));
  const orders = Array.from({ length: 1_000 }, (_, i) => {
    const lines = Array.from({ length: 3 }, (_, at) => ({
      sku: products[(i * 7 + at * 11) % products.length].sku,
      quantity: 1 + ((i + at) % 9),
      unitPrice: 100 + ((i * 31 + at * 17) % 4_900),
    }));
    return {
      orderId: `order-${pad(i, 6)}`,
      status: i % 4 === 0 ? "SHIPPED" : "PLACED",
      total: lines.reduce((sum, line) => sum + line.unitPrice * line.quantity, 0),
      placedAt: new Date(Date.UTC(2026, 0, 31, 12, 0, 0, 1 + (i % 900))),
      customerId: customers[(i * 13) % customers.length].customerId,
      lines,
    };
  });
  return { orders, customers, products };
}

const lineAnswer = ({ sku, quantity, unitPrice }) => ({ sku, quantity, unitPrice: String(unitPrice) });

/** What is answered of one order to the query of the first work. */
export function orderAnswer({ orderId, status, total, placedAt, lines }) {
  return {
    orderId,
    status,
    total: String(total),
    placedAt: placedAt.toISOString(),
    lines: lines.map(lineAnswer),
  };
}

/** What is answered of orders to the query of the second work. */
export function pageAnswer({ orders, customers, products }, size) {
  const customer = new Map(customers.map((one) => [one.customerId, one]));
  const product = new Map(products.map((one) => [one.sku, one]));
  const nodes = orders.slice(0, size).map((order) => ({
    orderId: order.orderId,
    status: order.status,
    total: String(order.total),
    customer: { name: customer.get(order.customerId).name, email: customer.get(order.customerId).email },
    lines: order.lines.map(({ sku, quantity }) => ({
      quantity,
      product: { title: product.get(sku).title, colour: product.get(sku).colour ?? null },
    })),
  }));
  return { nodes, pageInfo: { hasNextPage: orders.length > size } };
}
