/** The version of all packages of Potter. */
export const version = "0.1.0";
