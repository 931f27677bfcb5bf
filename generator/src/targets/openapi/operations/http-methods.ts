/** The HTTP methods that path items of every OpenAPI version have. */
export const usualMethods: readonly string[] = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"];

/** The HTTP methods that path items of version 3.2 have. All others are additional operations. */
export const namedMethods: readonly string[] = [...usualMethods, "QUERY"];
