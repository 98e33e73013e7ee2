import { spawn } from 'node:child_process'

const KEPT_OUTPUT = 20_000
/** How long is waited for the rest of the output once a program has ended: what left its group may hold the pipes for ever. */
const DRAIN_MS = 1_000
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
      settleSoon(1, null)
    }
    const limit = setTimeout(() => end(`took longer than ${limit_ms / 1000} s`), limit_ms)
    let idle = show ? null : setTimeout(() => end(`said nothing for ${idle_ms / 1000} s`), idle_ms)
    const hear = (data) => {
      state.output = (state.output + data).slice(-KEPT_OUTPUT)
      idle?.refresh()
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    let drain = null
    const settleSoon = (code, why) => {
      drain ??= setTimeout(() => {
        endGroup(child.pid)
        done(code, why)
      }, DRAIN_MS)
    }
    const done = (code, why) => {
      for (const timer of [limit, idle, drain]) clearTimeout(timer)
      for (const pipe of [child.stdout, child.stderr]) pipe?.destroy()
      child.unref()
      running.delete(child)
      if (running.size === 0) forgetOwnEnd()
      resolve({ code: state.why ? 1 : code, why: state.why ?? why, output: state.output })
    }
    child.once('error', (error) => done(1, error.message))
    const endOf = (code, signal) => [code ?? 1, signal ? `ended by ${signal}` : code === 0 ? null : `exit code ${code}`]
    child.once('exit', (code, signal) => settleSoon(...endOf(code, signal)))
    child.once('close', (code, signal) => done(...endOf(code, signal)))
    if (running.size === 0) watchOwnEnd()
    running.add(child)
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

const endAll = () => running.forEach((child) => endGroup(child.pid))
const SIGNALS = Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }).map(([name, code]) => ({ name, leave: () => process.exit(code) }))

function watchOwnEnd() {
  process.on('exit', endAll)
  for (const { name, leave } of SIGNALS) process.on(name, leave)
}

/** Whoever runs something afterwards hears signals in their own way. */
function forgetOwnEnd() {
  process.off('exit', endAll)
  for (const { name, leave } of SIGNALS) process.off(name, leave)
}
