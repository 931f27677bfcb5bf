import { StockItem, StockService, StockView } from "../gen/shop/stock/v1/stock_cqrs.js";

/** The largest uint32. */
const mostPieces = 2 ** 32 - 1;

interface Stock {
  /** All pieces on the shelf. */
  readonly pieces: number;
  /** Pieces that are not reserved. */
  readonly available: number;
  /** Reserved quantity by order. */
  readonly reserved: ReadonlyMap<string, number>;
}

/** Pieces on the shelf, and reservations by order. */
export const stockItem = StockItem.decider({
  initial: (): Stock => ({ pieces: 0, available: 0, reserved: new Map() }),
  decide: {
    replenish: ({ pieces }, { sku, quantity }) => {
      const room = mostPieces - pieces;
      return quantity > room
        ? StockItem.reject.shelfFull({ sku, room })
        : StockItem.event.stockReplenished({ sku, quantity });
    },
    reserve: (state, command) => {
      if (state.reserved.has(command.orderId)) return [];
      if (state.available < command.quantity) {
        return StockItem.reject.outOfStock({ sku: command.sku, available: state.available });
      }
      const { sku, orderId, quantity } = command;
      return StockItem.event.stockReserved({ sku, orderId, quantity });
    },
    release: (state, command) => {
      const quantity = state.reserved.get(command.orderId);
      return quantity === undefined
        ? []
        : StockItem.event.stockReleased({ sku: command.sku, orderId: command.orderId, quantity });
    },
  },
  evolve: {
    stockReplenished: ({ pieces, available, reserved }, { quantity }) => ({
      pieces: pieces + quantity,
      available: available + quantity,
      reserved,
    }),
    stockReserved: ({ pieces, available, reserved }, { orderId, quantity }) => ({
      pieces,
      available: available - quantity,
      reserved: new Map(reserved).set(orderId, quantity),
    }),
    stockReleased: ({ pieces, available, reserved: before }, { orderId, quantity }) => {
      const reserved = new Map(before);
      reserved.delete(orderId);
      return { pieces, available: available + quantity, reserved };
    },
  },
  reply: {
    replenish: (state) => ({ available: state.available }),
  },
});

/** The stock on the shelf, eventually consistent. */
export const stockViews = StockView.projection({
  on: {
    stockReplenished: async (event, rows) => {
      const row = await rows.get(event.sku);
      rows.upsert({
        sku: event.sku,
        available: (row?.available ?? 0) + event.quantity,
        reserved: row?.reserved ?? 0,
      });
    },
    stockReserved: (event, rows) =>
      rows.update(event.sku, (row) => ({
        ...row,
        available: row.available - event.quantity,
        reserved: row.reserved + event.quantity,
      })),
    stockReleased: (event, rows) =>
      rows.update(event.sku, (row) => ({
        ...row,
        available: row.available + event.quantity,
        reserved: row.reserved - event.quantity,
      })),
  },
});

export const stockQueries = StockService.queries({
  getStock: (query, { views }) => views.stockView.get(query.sku),
});
