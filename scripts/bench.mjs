// `npm run bench [-- lab|loopback|matrix …]`: set-up, then the benchmark; results in bench/results/latest.json.
import './setup/node-version.mjs'
import { handOver } from './hand-over.mjs'
import { setUp } from './setup.mjs'

await setUp({ engines: true })
handOver(['dist/bench/main.js', ...process.argv.slice(2)])
