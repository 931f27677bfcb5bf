// Errors over HTTP: statuses, numbers of codes, problem+json (RFC 9457), and where a request has the field of a violation.
export { type FieldStep, readFieldPath, toJsonPointer } from "./field-path.js";
export { toGrpcNumber } from "./grpc-number.js";
export { HttpError, type HttpErrorOptions, notUtf8, tooLarge } from "./http-error.js";
export {
  type FieldLocation,
  type Problem,
  type ProblemContext,
  type ProblemViolation,
  problemResponse,
  toProblem,
  toPublicMessage,
} from "./problem.js";
export { toPhrase, toStatus } from "./status.js";
