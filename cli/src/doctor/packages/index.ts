// Packages that are installed in a project, and ranges of versions. Runs nothing.
export { findInstalled, isInstalled, type Manifest, readManifest } from "./find-package.js";
export { compareVersions, isInRange } from "./version-range.js";
