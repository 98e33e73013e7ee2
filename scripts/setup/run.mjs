import { spawn } from 'node:child_process'

const KEPT_OUTPUT = 20_000
const running = new Set()

/**
 * Runs a program, with everything it starts, for no longer than `limit_ms`, nor `idle_ms` without a word from it.
 * `show` passes its output on; else it is kept. Never rejects: `code` is 0 only when all went well, `why` says what did not.
 */
export function run(command, args, { limit_ms, idle_ms = limit_ms, show = false, env = process.env } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, detached: true, stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'] })
    const state = { output: '', why: null }
    const end = (why) => {
      state.why ??= why
      endGroup(child.pid)
    }
    const limit = setTimeout(() => end(`took longer than ${limit_ms / 1000} s`), limit_ms)
    let idle = show ? null : setTimeout(() => end(`said nothing for ${idle_ms / 1000} s`), idle_ms)
    const hear = (data) => {
      state.output = (state.output + data).slice(-KEPT_OUTPUT)
      idle?.refresh()
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    const done = (code, why) => {
      clearTimeout(limit)
      clearTimeout(idle)
      running.delete(child)
      resolve({ code: state.why ? 1 : code, why: state.why ?? why, output: state.output })
    }
    child.once('error', (error) => done(1, error.message))
    child.once('close', (code, signal) => done(code ?? 1, signal ? `ended by ${signal}` : code === 0 ? null : `exit code ${code}`))
    running.add(child)
    watchOwnEnd()
  })
}

/** The line of a failed program's output that says most: the first that speaks of an error, else the last. */
export function reason({ why, output }) {
  const lines = output.split('\n').map((line) => line.replace(/\u001b\[[0-9;]*m/g, '').trim()).filter(Boolean)
  const line = lines.find((one) => /error|ERR!|^E: |fail|unable/i.test(one)) ?? lines.at(-1)
  return [why, line?.slice(0, 200)].filter(Boolean).join(': ')
}

function endGroup(pid) {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {}
}

let watching = false
function watchOwnEnd() {
  if (watching) return
  watching = true
  process.on('exit', () => running.forEach((child) => endGroup(child.pid)))
  for (const [name, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]]) process.on(name, () => process.exit(code))
}
