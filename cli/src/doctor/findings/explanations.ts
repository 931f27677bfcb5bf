/** What a check of `potter doctor` looks at, for people who read its name in a report. */
export interface Explanation {
  /** What it looks at, and what it finds: a phrase. */
  readonly finds: string;
  /** Why that matters. */
  readonly reason: string;
  /** A finding and its remedy. */
  readonly example: readonly [status: "warning" | "error", message: string, remedy: string];
}

/** All checks by their names, in the order of the report. */
export const explanations = {
  node: {
    finds: "a Node that is too old",
    reason: "Potter uses functions that earlier releases of Node do not have",
    example: ["error", "Node 18.20.8 is too old: Potter needs >=20.19", "install a newer Node: https://nodejs.org"],
  },
  packages: {
    finds:
      "packages of package.json that are not installed, packages of Potter of several versions, and drivers that @potter/runtime does not support",
    reason: "generated code, the runtime and the command are tested in one version, with drivers of a known range",
    example: ["error", "pg 7.18.2 is installed; @potter/runtime needs ^8.23.1", 'npm install "pg@^8.23.1"'],
  },
  buf: {
    finds: "buf if it is missing, too old, or cannot be started",
    reason: "buf compiles the contract for all commands",
    example: [
      "error",
      "buf 1.20.0 of @bufbuild/buf is too old: >=1.32.0 is needed",
      "npm install --save-dev @bufbuild/buf@latest",
    ],
  },
  "buf.yaml": {
    finds: "invalid YAML, keys that buf does not know, and modules that are no folders",
    reason: "buf.yaml says where the proto files are",
    example: ["error", "buf.yaml: the module node_modules/@potter/generator/proto is no folder", "npm install"],
  },
  "buf.gen.yaml": {
    finds: "invalid YAML, plugins that are missing, invalid options, and a clean: true that would delete your project",
    reason: "buf.gen.yaml says what is generated, and where",
    example: ["warning", "buf.gen.yaml names no plugin of Potter", "add protoc-gen-potter-cqrs: npx potter init"],
  },
  messages: {
    finds:
      "a message library that differs from the option messages, other import extensions, and versions or options that do not fit",
    reason: "the code of Potter imports the messages that another plugin generates",
    example: ["error", "buf.gen.yaml:9:5: ts-proto needs forceLong=bigint", 'add it to "opt"'],
  },
  tsconfig: {
    finds:
      "strict types that are off, a module resolution that does not find packages or the generated imports, generated code that is not included, generated JavaScript that compiled code does not find, and what the installed compiler says about settings, through all that tsconfig.json extends",
    reason: "generated code has to compile with your own, and handlers get their types from it",
    example: ["warning", "tsconfig.json: strict is off, so types of handlers are imprecise", '"strict": true'],
  },
  registry: {
    finds: "dependencies of a schema registry that are not locked, or not in the cache of buf and so need network",
    reason: "a build that downloads what is not locked is not the same every time",
    example: [
      "error",
      "buf.lock lacks dependencies of buf.yaml: buf.build/acme/types",
      "npx buf dep update, and commit buf.lock",
    ],
  },
  generated: {
    finds:
      "a contract with errors, sagas without the target saga, files that are not up to date, an interrupted run, and files that clean: true would delete",
    reason: "a service is compiled from the generated files, not from the contract",
    example: ["warning", "gen is not up to date: shop/orders_cqrs.ts", "npx potter generate"],
  },
  "potter.lock": {
    finds: "a recorded contract that cannot be read",
    reason: "names that clients use are kept by this file; a conflict of a merge makes it useless",
    example: [
      "error",
      "potter.lock: line 12 of the lock file is a conflict of a merge",
      "restore it from git, or delete it and write it again: npx potter lock --file potter.lock",
    ],
  },
  "run-lock": {
    finds: "another potter that writes into the folder now",
    reason: "two runs in a folder wait for one another, so one that hangs stops the other",
    example: [
      "warning",
      "process 4711 has been writing into this folder for 300 s",
      "wait for it. If it hangs, end process 4711, and delete the file that the report names",
    ],
  },
  watch: {
    finds: "a file system that reports no changes, and limits of inotify",
    reason: "potter watch generates when the system reports that a file has changed",
    example: [
      "warning",
      "no event came for a file that was written here: a mount of Docker or WSL may send none",
      "npx potter watch --poll",
    ],
  },
} as const satisfies Readonly<Record<string, Explanation>>;

/** The name of a check of `potter doctor`. */
export type CheckName = keyof typeof explanations;
