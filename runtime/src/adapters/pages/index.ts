// What pages for people are made of: files that are served as they are, under paths that are known.
export { type PageTarget, PageTargets, redirectToFolder } from "./page-targets.js";
export { Resource } from "./resource.js";
