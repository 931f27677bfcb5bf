#!/usr/bin/env node
import { cqrs, version } from "@potter/generator";
import { launch } from "@potter/generator/plugin";

launch({ name: "protoc-gen-potter", version, targets: [cqrs] });
