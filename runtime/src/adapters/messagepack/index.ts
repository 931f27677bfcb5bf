// MessagePack bodies for REST, with the package @msgpack/msgpack.
export { messagePack } from "./message-pack.js";
