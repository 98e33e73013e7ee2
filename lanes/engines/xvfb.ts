import type { ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'
import { endGroup, groupMembers, startGroup } from '../processes.js'
import { within } from './limit.js'

const GRACE_MS = 500

export interface Display {
  /** As in `DISPLAY`: `:99`. */
  name: string
  /** Resolves with the reason when the display is lost; never for a display that was there before. */
  gone: Promise<string>
  pids(): number[]
  close(): Promise<void>
}

/** The display that `DISPLAY` names, else an Xvfb of our own on a number that it chooses itself. */
export async function openDisplay(env: NodeJS.ProcessEnv, limit_ms: number, signal?: AbortSignal): Promise<Display> {
  if (env.DISPLAY) return { name: env.DISPLAY, gone: new Promise(() => {}), pids: () => [], close: async () => {} }
  // -displayfd: the server takes the first free number and writes it once it accepts connections, so two of them never race for one.
  const server = startGroup('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp', '-noreset'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const group = server.pid
  const close = async (): Promise<void> => void (group !== undefined && (await endGroup(group, GRACE_MS)))
  try {
    const number = await within(limit_ms, 'starting Xvfb', displayNumber(server), signal)
    const gone = new Promise<string>((resolve) => server.once('exit', () => resolve('Xvfb ended')))
    return { name: `:${number}`, gone, pids: () => (group === undefined ? [] : groupMembers(group)), close }
  } catch (error) {
    await close()
    throw error
  }
}

function displayNumber(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    server.once('error', reject)
    server.once('exit', (code) => reject(new Error(`Xvfb ended with ${code} before it had a display`)))
    const stream = server.stdio[3] as Readable | undefined
    stream?.on('data', (data: Buffer) => {
      text += data.toString()
      if (text.includes('\n')) resolve(text.trim())
    })
  })
}
