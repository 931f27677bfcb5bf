const streams = {
  new: "to a new order",
  ten: "to an order of ten events",
  hot: "to one hot order",
};

/**
 * What is measured. `by`: over REST, or by calls in the process of the server. `store`: where events are kept.
 * `latency`: milliseconds that a round trip to PostgreSQL takes longer. `stream`: see streams.mjs.
 */
export function createWorks(latency) {
  const works = ["postgres", "pglite"].flatMap((store) => [
    ...["rest", "process"].flatMap((by) =>
      Object.keys(streams).flatMap((stream) => [1, 16, 64].map((callers) => command({ store, by, stream, callers }))),
    ),
    read({ store, callers: 16 }),
  ]);
  const delayed = [
    ...[1, 16, 64].map((callers) => command({ store: "postgres", by: "rest", stream: "new", callers, latency })),
    read({ store: "postgres", callers: 16, latency }),
  ];
  return [
    ...works.filter(({ store }) => store === "postgres"),
    ...delayed,
    ...works.filter(({ store }) => store === "pglite"),
  ];
}

function command({ store, by, stream, callers, latency = 0 }) {
  return {
    key: [...prefix({ store, latency }), by, stream, callers].join("-"),
    title: `${place({ store, latency })}, ${by === "rest" ? "POST" : "in process"} ${streams[stream]}, ${count(callers)}`,
    ...{ store, by, stream, callers, latency },
  };
}

function read({ store, callers, latency = 0 }) {
  return {
    key: [...prefix({ store, latency }), "get", callers].join("-"),
    title: `${place({ store, latency })}, GET of one of 1,000 orders, ${count(callers)}`,
    ...{ store, by: "rest", stream: "get", callers, latency },
  };
}

const prefix = ({ store, latency }) => [...(store === "pglite" ? ["pglite"] : []), ...(latency > 0 ? ["latency"] : [])];
const place = ({ store, latency }) =>
  (store === "pglite" ? "PGlite" : "PostgreSQL") + (latency > 0 ? ` ${latency} ms away` : "");
const count = (callers) => (callers === 1 ? "1 caller" : `${callers} callers`);

/** Connections that each contender may have. */
export const connections = 16;
