// `npm run bench [-- lab|loopback|matrix …]`: set-up, then the benchmark; results in bench/results/latest.json.
import './setup/node-version.mjs'
import { spawn } from 'node:child_process'
import { setUp } from './setup.mjs'

await setUp({ engines: true })
const child = spawn(process.execPath, ['dist/bench/main.js', ...process.argv.slice(2)], { stdio: 'inherit' })
child.on('exit', (code) => process.exit(code ?? 70))
