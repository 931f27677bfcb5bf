// Swagger UI from the local package swagger-ui-dist, and the OpenAPI document. Loads nothing from the network.
export { type SwaggerUiOptions, type SwaggerUiSettings, type SwaggerUiSource, swaggerUi } from "./swagger-ui.js";
