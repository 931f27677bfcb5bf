#!/usr/bin/env node
import { asyncapi, client, cqrs, graphql, launch, openapi, saga, version } from "@potter/generator/plugin";

launch({ name: "protoc-gen-potter", version, targets: [cqrs, saga, openapi, asyncapi, graphql, client], choice: true });
