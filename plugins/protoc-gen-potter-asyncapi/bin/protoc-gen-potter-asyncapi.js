#!/usr/bin/env node
import { asyncapi, launch, version } from "@potter/generator/plugin";

launch({ name: "protoc-gen-potter-asyncapi", version, targets: [asyncapi] });
