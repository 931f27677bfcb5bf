// Static resources of the Swagger UI and GraphiQL pages, served under a fixed table of paths.
export { type PageTarget, PageTargets, redirectToFolder } from "./page-targets.js";
export { Resource } from "./resource.js";
