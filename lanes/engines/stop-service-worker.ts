import type { CDPSession, Page } from 'playwright'
import { LanecheckError } from '../../src/contract/errors.js'
import { firstLine, LimitExceeded, settleWithin, within } from './limit.js'
import type { ServiceWorkerStopper } from './types.js'

const STOP_LIMIT_MS = 5_000

interface Versions { versions: Array<{ versionId: string; scriptURL: string; runningStatus: string }> }

/** Stops service workers over CDP, by `ServiceWorker.stopWorker`: what the engine does with an idle one. The session is opened when first asked for. */
export function serviceWorkerStopper(page: Page): ServiceWorkerStopper {
  const running = new Map<string, string>()
  let opened: Promise<CDPSession> | null = null
  let look = (): void => undefined
  const open = async (): Promise<CDPSession> => {
    const session = await page.context().newCDPSession(page)
    session.on('ServiceWorker.workerVersionUpdated', ({ versions }: Versions) => {
      for (const { versionId, scriptURL, runningStatus } of versions) {
        if (runningStatus === 'running') running.set(versionId, scriptURL)
        else running.delete(versionId)
      }
      look()
    })
    await session.send('ServiceWorker.enable')
    return session
  }
  const versionOf = (scope: string): Promise<string> => new Promise((found) => {
    look = () => {
      const [id] = [...running].find(([, url]) => url.startsWith(scope)) ?? []
      if (id !== undefined) found(id)
    }
    look()
  })
  const stop = async (scope: string): Promise<void> => {
    const session = await (opened ??= open())
    await session.send('ServiceWorker.stopWorker', { versionId: await versionOf(scope) })
  }
  return {
    ready: () => settleWithin(STOP_LIMIT_MS, (opened ??= open())),
    stop: async (scope) => {
      try {
        await within(STOP_LIMIT_MS, 'stopping a service worker', stop(scope))
      } catch (error) {
        const late = error instanceof LimitExceeded
        throw new LanecheckError(late ? 'deadline_exceeded_in_node' : 'realm_lost', late ? `no service worker was stopped within ${STOP_LIMIT_MS} ms` : `a service worker could not be stopped: ${firstLine(error)}`, { cause: error })
      }
    },
  }
}
