#!/usr/bin/env node
import { launch, openapi, version } from "@potter/generator/plugin";

launch({ name: "protoc-gen-potter-openapi", version, targets: [openapi] });
