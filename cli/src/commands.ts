import type { Command } from "./command.js";

/** The commands of this package, in the order of the help. A new command is an entry here and a folder of its own. */
export const commands: readonly Command[] = [
  {
    name: "check",
    summary: "list changes that break data or clients, and what is stale",
    load: () => import("./check/index.js"),
  },
  {
    name: "generate",
    summary: "generate the code and the documents that buf.gen.yaml names",
    load: () => import("./generate/index.js"),
  },
  {
    name: "spec",
    summary: "write the OpenAPI, AsyncAPI, GraphQL and saga documents only",
    load: () => import("./spec/index.js"),
  },
  {
    name: "completion",
    summary: "print a script that completes potter in a shell",
    load: () => import("./completion/index.js"),
  },
  {
    name: "explain",
    summary: "explain a code that a command prints",
    load: () => import("./explain/index.js"),
  },
  {
    name: "doctor",
    summary: "look at what a project needs, and say what to do",
    load: () => import("./doctor/index.js"),
  },
  {
    name: "graph",
    summary: "draw who emits events and who consumes them",
    load: () => import("./graph/index.js"),
  },
  {
    name: "init",
    summary: "create a service, or add Potter to a project that uses buf",
    load: () => import("./init/index.js"),
  },
  {
    name: "lock",
    summary: "record the contract: GraphQL names, events, routes and sagas",
    load: () => import("./lock/index.js"),
  },
  {
    name: "migrate",
    summary: "rewrite options of Go Potter to those of potter.v1",
    load: () => import("./migrate/index.js"),
  },
  {
    name: "scaffold",
    summary: "insert stubs for what is new in the contract into your files",
    load: () => import("./scaffold/index.js"),
  },
  {
    name: "watch",
    summary: "generate at each change of the contract, and run a command",
    load: () => import("./watch/index.js"),
  },
];
