// Translates a document of OpenAPI 3.2 to 3.1 and 3.0.
export { toVersion } from "./versions.js";
