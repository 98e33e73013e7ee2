import type { CanaryRecord } from '../../contract/canary.js'
import type { BundleIndex } from '../../contract/evidence.js'
import type { Ledger, Verdict } from '../../contract/verdict.js'
import { sumVerdicts } from '../../judge/sums.js'
import { offline, type OfflineControl } from '../control.js'

const CELL = 'chromium.window/timer.order.distinct'
const BUNDLE = 'bundles/chromium.window.direct/timer.order.distinct'

/** Faults of what is kept of a run as a whole. */
export const LEDGER: OfflineControl[] = [
  offline({
    id: 'ledger.verdict_edited', law: 'expectation_live', place: 'ledger', row: 'timer_surface', fault: 'a verdict is changed in all its three places, sums and digests to match', required: 'audit verdict_differs, exit 1',
    given: (bench) => bench.audited(({ editVerdict }) => editVerdict(CELL, (verdict) => ({ ...verdict, verdict: 'semantic_mismatch', reason: 'so they say' }))),
  }),
  offline({
    id: 'ledger.bridge_called_parity', law: 'scope_red_line', place: 'ledger', row: 'browser_surface', table: 'bridge_taken_for_parity', fault: 'a bridged cell is counted as parity', required: 'audit cell_missing schema_broken, exit 1',
    given: (bench) => bench.audited(({ editVerdict }) => editVerdict('chromium.shared_worker/timer.order.distinct', (verdict) => ({ ...verdict, verdict: 'parity' }))),
  }),
  offline({
    id: 'ledger.one_copy_edited', law: 'expectation_live', place: 'ledger', row: 'timer_surface', fault: 'a verdict is changed in the ledger alone', required: 'audit copies_differ, exit 1',
    given: (bench) => bench.audited(({ edit }) => edit<Ledger>('ledger.json', ({ verdicts }) => { verdicts[0]!.reason = 'so they say' })),
  }),
  offline({
    id: 'ledger.cell_left_out', law: 'infrastructure', place: 'ledger', row: 'browser_surface', fault: 'a planned cell is left out of everything, sums and digests to match', required: 'audit cell_missing, exit 3',
    given: (bench) => bench.audited(({ edit, editLines, remove }) => {
      remove(BUNDLE)
      editLines<Verdict>('ledger.ndjson', (lines) => lines.filter(({ cell_id }) => cell_id !== CELL))
      edit<Ledger>('ledger.json', (ledger) => {
        ledger.verdicts = ledger.verdicts.filter(({ cell_id }) => cell_id !== CELL)
        ledger.sums = sumVerdicts(ledger.verdicts)
      })
    }),
  }),
  offline({
    id: 'ledger.cell_twice', law: 'reproducibility', place: 'ledger', row: 'browser_surface', fault: 'a cell has a second verdict', required: 'audit cell_duplicated, exit 1',
    given: (bench) => bench.audited(({ editLines }) => editLines<Verdict>('ledger.ndjson', (lines) => [...lines, lines[0]!])),
  }),
  offline({
    id: 'ledger.sums', law: 'expectation_live', place: 'ledger', row: 'browser_surface', fault: 'a sum counts one parity more', required: 'audit sums_differ, exit 1',
    given: (bench) => bench.audited(({ edit }) => edit<Ledger>('ledger.json', ({ sums }) => { sums.all.parity += 1 })),
  }),
  offline({
    id: 'ledger.reordered', law: 'order', place: 'ledger', row: 'browser_surface', fault: 'the ledger is in another order than the plan', required: 'audit order_differs, exit 1',
    given: (bench) => bench.audited(({ edit }) => edit<Ledger>('ledger.json', ({ verdicts }) => void verdicts.reverse())),
  }),
  offline({
    id: 'ledger.of_another_run', law: 'deterministic_lab', place: 'ledger', row: 'browser_surface', fault: 'a bundle of another run lies in the folder', required: 'audit other_run, exit 1',
    given: (bench) => bench.audited(({ edit }) => edit<BundleIndex>(`${BUNDLE}/bundle.json`, (index) => { index.run_id = '0'.repeat(16) })),
  }),
  offline({
    id: 'ledger.bundles_swapped', law: 'admission', place: 'ledger', row: 'browser_surface', fault: 'a bundle of the bridge lies in the place of a direct one', required: 'audit copies_differ misplaced, exit 1',
    given: (bench) => bench.audited(({ copy }) => copy('bundles/chromium.shared_worker.bridge/timer.order.distinct', BUNDLE)),
  }),
  offline({
    id: 'ledger.file_added', law: 'observability_floor', place: 'ledger', row: 'browser_surface', fault: 'a file that belongs to nothing', required: 'audit file_added, exit 1',
    given: (bench) => bench.audited(({ write }) => write(`${BUNDLE}/notes.json`, '{}\n')),
  }),
  offline({
    id: 'session.canaries_removed', law: 'infrastructure', place: 'session', row: 'browser_surface', fault: 'a session\'s canaries are taken away, digests to match', required: 'audit canary_missing, exit 1',
    given: (bench) => bench.audited(({ remove }) => remove('canaries/chromium.1.json')),
  }),
  offline({
    id: 'session.canary_edited', law: 'infrastructure', place: 'session', row: 'browser_surface', fault: 'a canary that was not cut off is called good', required: 'audit canary_differs, exit 1',
    given: (bench) => bench.audited(({ edit }) => edit<CanaryRecord>('canaries/chromium.1.json', ({ canaries }) => { canaries[2]!.seen.loss = null })),
  }),
]
