/** The methods of HTTP that a path of every version of OpenAPI has a word for. */
export const usualMethods: readonly string[] = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"];

/** Those that a path of version 3.2 has a word for; all others are additional operations. */
export const namedMethods: readonly string[] = [...usualMethods, "QUERY"];
