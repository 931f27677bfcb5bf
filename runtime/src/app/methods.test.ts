import { expect, it } from "vitest";
import { createApp } from "./index.js";
import { createTill } from "./till.fixture.js";

it("lists the methods that an app serves, each with what calls it, which starts the app", async () => {
  const app = createApp({ parts: createTill() });
  const charge = app.methods.find(({ method }) => method.name === "Charge");
  const request = charge?.method.request.create({ value: "5" });
  expect(await charge?.invoke(request, {})).toMatchObject({ response: expect.anything() });
  await app.stop();
  await expect(charge?.invoke(request, {})).rejects.toMatchObject({ code: "unavailable" });
});
