import { version } from "../pipeline/index.js";
import { asyncapi } from "../targets/asyncapi/index.js";
import { client } from "../targets/client/index.js";
import { cqrs } from "../targets/cqrs/index.js";
import { graphql } from "../targets/graphql/index.js";
import type { Target } from "../targets/index.js";
import { openapi } from "../targets/openapi/index.js";
import { saga } from "../targets/saga/index.js";
import type { Plugin } from "./run-plugin.js";

const targets: readonly Target[] = [cqrs, saga, openapi, asyncapi, graphql, client];

/** Potter's plugins, as their packages launch them. */
export const plugins: readonly Plugin[] = [
  { name: "protoc-gen-potter", version, targets, choice: true },
  ...targets.map((target) => ({ name: `protoc-gen-potter-${target.name}`, version, targets: [target] })),
];
