#!/usr/bin/env node
import { cqrs, launch, version } from "@potter/generator/plugin";

launch({ name: "protoc-gen-potter-cqrs", version, targets: [cqrs] });
