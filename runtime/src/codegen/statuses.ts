// The HTTP statuses of error codes, for generated documents: the same table that the REST transport uses.
export { toPhrase, toStatus } from "../http/index.js";
