import { describe, expect, it, vi } from 'vitest'
import type { EngineSession } from '../../../lanes/session.js'
import { supervise } from '../../../src/run/supervisor.js'

interface HandSession { session: EngineSession; lose(why: string): Promise<void>; close: ReturnType<typeof vi.fn> }

function handSession(): HandSession {
  let lose = (_: string): void => undefined
  const close = vi.fn(() => Promise.resolve())
  const lost = new Promise<string>((resolve) => { lose = resolve })
  return {
    session: { engine: 'chromium', lost, close } as unknown as EngineSession, close,
    lose: async (why) => {
      lose(why)
      await new Promise((go) => setImmediate(go))
    },
  }
}
function opening() {
  const opened: HandSession[] = []
  return { opened, open: vi.fn(() => { const one = handSession(); opened.push(one); return Promise.resolve(one.session) }) }
}

describe('T0 browser_surface: keeping an engine running', () => {
  it('one session for all who ask, opened when it is first asked for', async () => {
    const { open, opened } = opening()
    const supervisor = supervise(open, () => undefined)
    expect(open).not.toHaveBeenCalled()
    const [one, other] = await Promise.all([supervisor.current(), supervisor.current()])
    expect(one).toBe(other)
    expect(opened).toHaveLength(1)
    await supervisor.close()
  })

  it('a lost session is closed, told of and replaced', async () => {
    const { open, opened } = opening()
    const lines: string[] = []
    const supervisor = supervise(open, (line) => lines.push(line))
    const first = await supervisor.current()
    await opened[0]!.lose('it crashed')
    expect(opened[0]!.close).toHaveBeenCalledOnce()
    expect(lines).toEqual(['chromium was lost (it crashed); it is started again'])
    expect(await supervisor.current()).not.toBe(first)
    await supervisor.close()
  })

  it('an engine that is lost again and again is given up in the end, with a code', async () => {
    const { open, opened } = opening()
    const supervisor = supervise(open, () => undefined)
    const lose = async (): Promise<void> => {
      await supervisor.current()
      await opened.at(-1)!.lose('again')
      await lose()
    }
    const error = await lose().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'engine_launch_failed', message: `the engine was lost ${opened.length} times` })
    expect(opened.length).toBeGreaterThan(2)
    expect(opened.length).toBeLessThan(10)
    for (const { close } of opened) expect(close).toHaveBeenCalledOnce()
    await supervisor.close()
  })

  it('one that gives no verdicts is closed and replaced, once for all who say so', async () => {
    const { open, opened } = opening()
    const lines: string[] = []
    const supervisor = supervise(open, (line) => lines.push(line))
    const first = await supervisor.current()
    await Promise.all([supervisor.replace(first, 'why'), supervisor.replace(first, 'why')])
    expect(opened[0]!.close).toHaveBeenCalledOnce()
    expect(lines).toEqual(['chromium gives no verdicts (why); it is started again'])
    const second = await supervisor.current()
    await supervisor.replace(first, 'late')
    expect(await supervisor.current()).toBe(second)
    await supervisor.close()
  })

  it('what opening throws is thrown to all who ask', async () => {
    const supervisor = supervise(() => Promise.reject(new Error('no display')), () => undefined)
    await expect(supervisor.current()).rejects.toThrow('no display')
    await expect(supervisor.current()).rejects.toThrow('no display')
    await supervisor.close()
  })

  it('close ends the session, and nothing is started afterwards, though the session is then lost', async () => {
    const { open, opened } = opening()
    const lines: string[] = []
    const supervisor = supervise(open, (line) => lines.push(line))
    await supervisor.current()
    await supervisor.close()
    await opened[0]!.lose('closed')
    expect(opened[0]!.close).toHaveBeenCalledOnce()
    expect(lines).toEqual([])
    await expect(supervisor.current()).rejects.toMatchObject({ code: 'interrupted' })
    expect(open).toHaveBeenCalledOnce()
  })

  it('close waits for a session that is still being opened and closes that', async () => {
    const one = handSession()
    let opens = (_: EngineSession): void => undefined
    const supervisor = supervise(() => new Promise((resolve) => { opens = resolve }), () => undefined)
    const current = supervisor.current()
    const closing = supervisor.close()
    opens(one.session)
    await Promise.all([current, closing])
    expect(one.close).toHaveBeenCalledOnce()
  })
})
