#!/usr/bin/env node
import { client, launch, version } from "@potter/generator/plugin";

launch({ name: "protoc-gen-potter-client", version, targets: [client] });
