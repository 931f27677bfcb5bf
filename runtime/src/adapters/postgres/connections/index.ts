// How the adapter reaches its servers: options, hosts, TLS, the pool, and the detection of lost connections. No statement of a store.
export { type Connections, medium, notConnected } from "./connections.js";
export { type Hosts, toHosts } from "./hosts.js";
export { awaitServer, openConnections } from "./open-connections.js";
export { type PostgresOptions, type PostgresTls, toPostgresOptions } from "./options.js";
