#!/usr/bin/env node
// Builds dist/ when the sources are newer (so `npm ci && npm start` needs no separate build step), then runs the CLI.
import { build } from '../tools/build.mjs'

await build({ quiet: true })
await import('../dist/cli/main.js')
