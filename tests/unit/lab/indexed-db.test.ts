import { describe, expect, it } from 'vitest'
import { runLabTwice } from '../../../src/lab/run-lab.js'
import { artifactOf, logged, logs, run, scenarioOf } from './scripts.js'

const OPEN = `
  const asked = (request) => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = () => reject(request.error) })
  const opening = indexedDB.open('db', 2)
  opening.onupgradeneeded = ({ oldVersion, newVersion, target }) => { log('upgrade ' + oldVersion + '→' + newVersion); target.result.createObjectStore('s', { keyPath: 'k' }).createIndex('n', 'n') }
  const db = await asked(opening)
  const ended = (transaction) => new Promise((resolve) => { transaction.oncomplete = () => resolve('complete'); transaction.onabort = () => resolve('abort ' + transaction.error?.name) })`

describe('T0 browser_surface: IndexedDB in the lab', () => {
  it('stores, indexes, counts and walks, in tasks of the lab', async () => {
    expect(await logged(`${OPEN}
      const writing = db.transaction('s', 'readwrite'), store = writing.objectStore('s')
      for (const n of [3, 1, 2]) store.put({ k: 'k' + n, n, when: new Date(n), bytes: new Uint8Array([n]) })
      log(await ended(writing))
      const reading = db.transaction('s').objectStore('s')
      const one = await asked(reading.get('k2')); log(String([one.when.getTime(), one.bytes instanceof Uint8Array, await asked(reading.count())]))
      const seen = []
      const walking = db.transaction('s').objectStore('s').index('n').openCursor(IDBKeyRange.lowerBound(2))
      await new Promise((done) => { walking.onsuccess = ({ target }) => { const cursor = target.result; if (cursor === null) return done(); seen.push(cursor.value.n); cursor.continue() } })
      log(seen.join())
      const breaking = db.transaction('s', 'readwrite').objectStore('s'); breaking.transaction.onerror = (event) => log('error ' + event.target.error.name)
      breaking.add({ k: 'k1' }); log(await ended(breaking.transaction))
      log(String([opening instanceof IDBOpenDBRequest, opening instanceof EventTarget, (await indexedDB.databases()).map(({ name, version }) => name + version)]))
      log(Object.prototype.toString.call(indexedDB))`)).toEqual([
      'upgrade 0→2', 'complete', '2,true,3', '2,3', 'error ConstraintError', 'abort ConstraintError', 'true,true,db2', '[object IDBFactory]'])
  })

  it('a signal that ends a listener is listened to by the platform, as in an engine', async () => {
    expect(await logged(`${OPEN}
      const controller = new AbortController()
      controller.signal.addEventListener = () => log('by a listener')
      const store = db.transaction('s').objectStore('s'), heard = (what) => () => log(what)
      store.get('a').addEventListener('success', heard('one'), { signal: controller.signal })
      const other = store.get('a')
      other.addEventListener('success', heard('other'), { signal: controller.signal })
      other.addEventListener('success', heard('last'))
      store.get('a').onsuccess = heard('on')
      await new Promise((go) => store.get('a').addEventListener('success', go))
      const late = store.get('a')
      late.addEventListener('success', heard('never'), { signal: controller.signal })
      controller.abort()
      await ended(store.transaction)`)).toEqual(['upgrade 0→2', 'one', 'other', 'last', 'on'])
  })

  it('its tasks take no time and come in the order asked, between timers', async () => {
    expect(await logged(`${OPEN}
      setTimeout(() => log('timer'), 0)
      const store = db.transaction('s', 'readwrite').objectStore('s')
      store.put({ k: 'a' }).onsuccess = () => { log('put'); queueMicrotask(() => log('microtask')) }
      store.get('a').onsuccess = ({ target }) => log('got ' + target.result.k + ' at ' + performance.now())
      await ended(store.transaction)`)).toEqual(['upgrade 0→2', 'put', 'microtask', 'timer', 'got a at 0'])
  })

  it('is new in every run, which is the same twice', async () => {
    const body = `${OPEN}
      await Promise.all(Array.from({ length: 20 }, async (_, n) => { const store = db.transaction('s', 'readwrite').objectStore('s'); await asked(store.put({ k: n, r: Math.random() })); log('' + n) }))
      log(String((await asked(db.transaction('s').objectStore('s').getAll())).map(({ r }) => r)))`
    const { first, second, deterministic } = await runLabTwice({ artifact: artifactOf(body), scenario: scenarioOf(), seed: 3 })
    expect(logs(first)).toHaveLength(22)
    expect(deterministic).toBe(true)
    expect(second.schedule_hash).toBe(first.schedule_hash)
  })

  it('what a listener throws is reported, not kept, and aborts its transaction', async () => {
    const body = `${OPEN}
      addEventListener('error', (event) => { event.preventDefault(); log('reported ' + event.error.message) })
      const store = db.transaction('s', 'readwrite').objectStore('s')
      store.put({ k: 1 }).onsuccess = () => { throw new Error('mine') }
      log(await ended(store.transaction))
      const again = db.transaction('s', 'readwrite').objectStore('s').put({ k: 2 })
      again.addEventListener('success', () => { throw new Error('listened') }, { once: true })
      log(await ended(again.transaction))`
    expect(await logged(body)).toEqual(['upgrade 0→2', 'reported mine', 'abort AbortError', 'reported listened', 'abort AbortError'])
  })

  it('it asks for no queue of Node’s or the page’s', async () => {
    const trace = await run(`${OPEN}; db.close()`)
    expect(trace.end).toEqual({ type: 'done', stalled: false })
    expect(trace.reached_for).toEqual([])
  })
})
