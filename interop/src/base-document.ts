/** The parts of an API that a user adds to its contract: contact, servers and security. */
export const baseDocument = {
  info: {
    title: "Teapots",
    version: "1.0.0",
    description: "A document under test.",
    contact: { name: "Potter", url: "https://potter.test" },
    license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
  },
  servers: [{ url: "https://api.potter.test" }],
  security: [{ bearer: [] }],
  components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
};
