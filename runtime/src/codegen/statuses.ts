// The HTTP statuses of error codes, for documents about services: the table by which the service itself answers.
export { toPhrase, toStatus } from "../http/index.js";
