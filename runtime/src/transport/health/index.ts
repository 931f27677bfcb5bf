// Probes for orchestrators: whether the process runs, and whether it can serve calls. Responses say nothing else.
export { type HealthOptions, health } from "./health.js";
