import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/** Runs Node with these arguments in our place: signals go on to it, and we end as it does. */
export function handOver(args, { cwd = process.cwd(), name = args[0] } = {}) {
  const child = spawn(process.execPath, args, { cwd, stdio: 'inherit' })
  // A terminal sends SIGINT to the child as well; a second one would mean 'at once'.
  const forwarded = process.stdin.isTTY ? ['SIGTERM', 'SIGHUP'] : ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => forwarded.includes(signal) && child.kill(signal))
  child.on('error', (error) => {
    console.error(`${name} did not start: ${error.message}`)
    process.exit(70)
  })
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
}
