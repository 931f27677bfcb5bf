// For workerd: calls the shop at the URL of its query, and answers with what it has seen.
import { callOverEach } from "./every-transport.js";

// biome-ignore lint/style/noDefaultExport: the platform reads it
export default {
  async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url).searchParams.get("url") ?? "";
    return Response.json(await callOverEach(url, "workerd"));
  },
};
