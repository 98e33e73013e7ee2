import { post } from './tasks.js'

/** Stands where `fake-indexeddb` looks for Node's or the page's own queue. */
export const queueTask = (work: () => void): void => void post(work)
