// The schema that Potter generates, as one would write it by hand, for all other servers: properties are read by the executor
// itself, what is referred to is gathered by DataLoader.
import DataLoader from "dataloader";
import { buildSchema } from "graphql";
import { createData } from "./data.mjs";

const typeDefs = `
  type Query {
    order(orderId: ID!): Order
    orders(first: Int, after: String): OrdersConnection
  }
  scalar DateTime
  scalar Int64
  scalar UInt32
  enum OrderStatus { UNSPECIFIED PLACED SHIPPED }
  type Order {
    orderId: ID!
    status: OrderStatus!
    total: Int64!
    placedAt: DateTime
    customerId: ID!
    lines: [OrderLine!]!
    customer: Customer
  }
  type OrderLine { sku: String! quantity: UInt32! unitPrice: Int64! product: Product }
  type Customer { customerId: ID! name: String! email: String! }
  type Product { sku: ID! title: String! colour: String }
  type OrdersConnection { edges: [OrdersEdge!]! nodes: [Order!]! pageInfo: PageInfo! }
  type OrdersEdge { cursor: String! node: Order! }
  type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
`;

/** The schema with its resolvers, and the context of one operation. */
export function createShop() {
  const { orders, customers, products } = createData();
  const orderById = new Map(orders.map((one) => [one.orderId, one]));
  const customerById = new Map(customers.map((one) => [one.customerId, one]));
  const productBySku = new Map(products.map((one) => [one.sku, one]));

  const schema = buildSchema(typeDefs);
  const resolve = (type, field, resolver) => {
    schema.getType(type).getFields()[field].resolve = resolver;
  };
  const serialize = (type, serializer) => {
    schema.getType(type).serialize = serializer;
  };
  serialize("DateTime", (date) => date.toISOString());
  serialize("Int64", String);
  serialize("UInt32", (number) => number);
  resolve("Query", "order", async (_source, { orderId }) => {
    if (orderId.length < 1 || orderId.length > 64) throw new Error("orderId must have 1 to 64 characters");
    return orderById.get(orderId);
  });
  resolve("Query", "orders", async (_source, { first = 100, after = "0" }) => {
    if (first < 0 || first > 1_000) throw new Error("first must be from 0 to 1000");
    const begin = Number(after);
    const nodes = orders.slice(begin, begin + first);
    const end = begin + nodes.length;
    const pageInfo = {
      hasNextPage: end < orders.length,
      hasPreviousPage: begin > 0,
      startCursor: String(begin),
      endCursor: String(end),
    };
    return { nodes, pageInfo, edges: () => nodes.map((node, at) => ({ node, cursor: String(begin + at + 1) })) };
  });
  resolve("Order", "customer", ({ customerId }, _args, context) => context.customers.load(customerId));
  resolve("OrderLine", "product", ({ sku }, _args, context) => context.products.load(sku));

  const createContext = () => ({
    customers: new DataLoader(async (ids) => ids.map((id) => customerById.get(id))),
    products: new DataLoader(async (skus) => skus.map((sku) => productBySku.get(sku))),
  });
  return { schema, createContext };
}
