// Bodies in MessagePack: a format for REST, by the package @msgpack/msgpack.
export { messagePack } from "./message-pack.js";
