#!/usr/bin/env node
import { graphql, launch, version } from "@potter/generator/plugin";

launch({ name: "protoc-gen-potter-graphql", version, targets: [graphql] });
