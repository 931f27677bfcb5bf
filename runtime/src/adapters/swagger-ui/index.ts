// Swagger UI from the local package swagger-ui-dist, and the OpenAPI document beside it. Nothing comes from the network.
export { type SwaggerUiOptions, type SwaggerUiSettings, type SwaggerUiSource, swaggerUi } from "./swagger-ui.js";
