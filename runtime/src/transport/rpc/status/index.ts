// Errors as gRPC and Connect report them: codes, public messages, and details as messages of google.rpc.
export { type ConnectForms, connectFormsOf } from "./codes.js";
export { type Detail, writeStatus } from "./error-details.js";
export { type ErrorReport, toReport } from "./error-report.js";
