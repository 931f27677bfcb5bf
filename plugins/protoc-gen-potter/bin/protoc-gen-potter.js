#!/usr/bin/env node
import { cqrs, launch, version } from "@potter/generator/plugin";

launch({ name: "protoc-gen-potter", version, targets: [cqrs], choice: true });
