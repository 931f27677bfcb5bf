export const name = "fetch, hand-written (floor)";

/** What every client does: JSON to the server, JSON back, an error unless it succeeds. */
export function createCall({ baseUrl, fetch }) {
  return async (item) => {
    const response = await fetch(`${baseUrl}/v1/echo`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(item),
    });
    if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
    return response.json();
  };
}
