#!/usr/bin/env node
import { launch, saga, version } from "@potter/generator/plugin";

launch({ name: "protoc-gen-potter-saga", version, targets: [saga] });
