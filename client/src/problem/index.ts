// Errors as REST and WebSockets report them: problem+json (RFC 9457).
export { toError } from "./problem.js";
