#!/usr/bin/env node
import { launch, client, version } from "@potter/generator/plugin";

launch({ name: "protoc-gen-potter-client", version, targets: [client] });
