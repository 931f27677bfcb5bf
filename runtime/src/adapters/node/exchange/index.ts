// What a request and its response need in every version of HTTP: the app that answers, bodies, limits for slow clients.
export { AppRunner, isStreamed } from "./app-runner.js";
export { BodyWriter, discard, type WriteSettings } from "./body-writer.js";
export { IncomingRequest, refuseDisconnected } from "./incoming-request.js";
export { refusals, refuseExpectation } from "./refusals.js";
export { release } from "./release.js";
