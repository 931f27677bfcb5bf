// The checks, in the order of the report: each that others depend on comes first.
import type { Check } from "../findings/index.js";
import { buf } from "./buf.js";
import { bufYaml } from "./buf-yaml.js";
import { generated } from "./generated.js";
import { lock } from "./lock.js";
import { messages } from "./messages.js";
import { node } from "./node.js";
import { packages } from "./packages.js";
import { registry } from "./registry.js";
import { runLock } from "./run-lock.js";
import { template } from "./template.js";
import { tsconfig } from "./tsconfig.js";
import { watchProbe } from "./watch-probe.js";

/** All checks of `potter doctor`. */
export const checks: readonly Check[] = [
  node,
  packages,
  buf,
  bufYaml,
  template,
  messages,
  tsconfig,
  registry,
  generated,
  lock,
  runLock,
  watchProbe,
];
