// The plugin protocol of protoc: options in, files or diagnostics out. Only launch.ts accesses the process.
export { version } from "../pipeline/index.js";
export { asyncapi } from "../targets/asyncapi/index.js";
export { client } from "../targets/client/index.js";
export { cqrs } from "../targets/cqrs/index.js";
export { graphql } from "../targets/graphql/index.js";
export { openapi } from "../targets/openapi/index.js";
export { saga } from "../targets/saga/index.js";
export { launch } from "./launch.js";
export { plugins } from "./own-plugins.js";
export { type ReadFile, readParameter } from "./parameter.js";
export { chooseTargets, type Plugin, type PluginAccess, type PluginResult, runPlugin } from "./run-plugin.js";
export { findText, findTextPath } from "./source-text.js";
