import type { Choices, PackageManager } from "../choices/index.js";

/** Prints a Dockerfile whose last stage has neither the generator nor the compiler. */
export function printDockerfile({ store }: Choices, manager: PackageManager): string {
  const setup = manager.setup === undefined ? "" : `RUN ${manager.setup}\n`;
  const copy = `COPY ${manager.manifests.join(" ")} ./`;
  return `FROM node:22-slim AS build
WORKDIR /app
${setup}${copy}
RUN ${manager.ci(false)}
COPY . .
# CI: no stubs are written for what your code lacks, so that the compiler refuses it.
RUN CI=true ${manager.name} run build

FROM node:22-slim AS dependencies
WORKDIR /app
${setup}${copy}
RUN ${manager.ci(true)}

FROM node:22-slim
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080
COPY package.json ./
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/gen ./gen
${store === "pglite" ? volume : ""}USER node
EXPOSE 8080
CMD ["node", "dist/src/main.js"]
`;
}

/** The data survive the container. The lock of the embedded store is beside its folder, so both are in the volume. */
const volume = `RUN mkdir /var/lib/service && chown node:node /var/lib/service
ENV DATA=/var/lib/service/data
VOLUME /var/lib/service
`;
