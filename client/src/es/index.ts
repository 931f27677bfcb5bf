// Codecs of messages of protobuf-es, for clients that are generated with `messages=es`.
export { es } from "./es.js";
