// For Bun and Deno: calls the shop at the URL of its first argument, and prints what it has seen.
import { callOverEach } from "./every-transport.js";

const [url = "", prefix = ""] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await callOverEach(url, prefix)));
process.exit(0);
