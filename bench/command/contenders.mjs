const server = (file) => new URL(`servers/${file}`, import.meta.url).href;

export const floor = "node:http + ajv, one statement (floor)";

/**
 * `takes`: the works that a contender can do. `decisive`: measured by the quick form too. A hot order is left to others:
 * emmett fails most commands of many callers, as hot-stream shows.
 */
export const contenders = [
  { name: floor, file: server("floor.mjs"), takes: () => true, decisive: true },
  {
    name: "fastify 5, transaction",
    file: server("fastify.mjs"),
    takes: ({ store, by }) => store === "postgres" && by === "rest",
    decisive: true,
  },
  {
    name: "express 5 + emmett 0.42 + pongo",
    file: server("express-emmett.mjs"),
    takes: ({ store, by, stream, callers }) =>
      store === "postgres" && by === "rest" && (stream !== "hot" || callers === 1),
    decisive: true,
  },
  potter("Potter, no view", {}, { hasView: false, decisive: true }),
  potter("Potter, inline view", { view: "inline" }, { decisive: true }),
  potter("Potter, async view", { view: "async" }),
  potter("Potter, async view, waitFor", { view: "async", waits: true }, { decisive: true }),
  potter("Potter, inline view, personal field, command id", { full: true }, { decisive: true }),
];

function potter(name, options, { hasView = true, decisive = false } = {}) {
  const takes = ({ stream }) => hasView || stream !== "get";
  return { name, file: server("potter.mjs"), options, takes, decisive };
}
