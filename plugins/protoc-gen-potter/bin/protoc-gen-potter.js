#!/usr/bin/env node
import { asyncapi, cqrs, graphql, launch, openapi, version } from "@potter/generator/plugin";

launch({ name: "protoc-gen-potter", version, targets: [cqrs, openapi, asyncapi, graphql], choice: true });
