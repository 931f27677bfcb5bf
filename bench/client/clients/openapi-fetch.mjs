import createClient from "openapi-fetch";

export const name = "openapi-fetch";

export function createCall({ baseUrl, fetch }) {
  const client = createClient({ baseUrl, fetch });
  return async (item) => {
    const { data, error } = await client.POST("/v1/echo", { body: item });
    if (error !== undefined) throw error;
    return data;
  };
}
