#!/usr/bin/env node
import { asyncapi, cqrs, launch, openapi, version } from "@potter/generator/plugin";

launch({ name: "protoc-gen-potter", version, targets: [cqrs, openapi, asyncapi], choice: true });
