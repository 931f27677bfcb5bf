// The client: a transport with everything that surrounds its calls.
export { type Client, type ClientOptions, createClient } from "./client.js";
