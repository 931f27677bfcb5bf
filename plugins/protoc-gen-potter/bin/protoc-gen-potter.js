#!/usr/bin/env node
import { cqrs, launch, openapi, version } from "@potter/generator/plugin";

launch({ name: "protoc-gen-potter", version, targets: [cqrs, openapi], choice: true });
