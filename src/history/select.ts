import { LanecheckError } from '../contract/errors.js'
import { shortId, type History, type KeptRun } from './record.js'

const SHORTEST_ID = 4
const LATEST = /^latest(?:~(\d+))?$/

/**
 * The runs of one subject, in order of time: the named one, or that of the latest run.
 * Throws `usage` when there are none.
 */
export function runsOf({ runs }: History, subject: string | undefined): { subject: string; runs: KeptRun[]; others: string[] } {
  const wanted = subject ?? runs.at(-1)?.about.subject
  const own = runs.filter(({ about }) => about.subject === wanted)
  const all = [...new Set(runs.map(({ about }) => about.subject))]
  if (wanted === undefined || own.length === 0) throw new LanecheckError('usage', `the history has no run of ${wanted ?? 'any subject'}`, { where: '--subject', hint: all.length === 0 ? 'add one: lanecheck history add lanecheck-evidence' : `one of: ${all.join(', ')}` })
  return { subject: wanted, runs: own, others: all.filter((name) => name !== wanted) }
}

/** The run that a word means: the start of an id, `latest`, or `latest~1` for the one before. Throws `usage`. */
export function findRun(runs: readonly KeptRun[], word: string): KeptRun {
  const back = LATEST.exec(word)
  if (back !== null) {
    const run = runs.at(-1 - Number(back[1] ?? 0))
    if (run === undefined) throw unknown(word, `there are ${runs.length} runs`, runs)
    return run
  }
  if (!/^[0-9a-f]+$/.test(word) || word.length < SHORTEST_ID) throw unknown(word, `want latest, latest~1, or ${SHORTEST_ID} or more digits of an id`, runs)
  const [run, ...more] = runs.filter(({ about }) => about.id.startsWith(word))
  if (run === undefined) throw unknown(word, 'no run has such an id', runs)
  if (more.length > 0) throw unknown(word, `${more.length + 1} runs have an id that begins so`, runs)
  return run
}

const unknown = (word: string, why: string, runs: readonly KeptRun[]): LanecheckError =>
  new LanecheckError('usage', `"${word}" is no run of this history: ${why}`, { hint: `the latest is ${shortId(runs.at(-1)?.about.id ?? '')}; all there are: lanecheck history show --json` })
