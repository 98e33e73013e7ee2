import { OwnServerRecordSchema } from '../contract/own-downgrade.js'
import type { Plan } from '../contract/verdict.js'
import { OWN_SERVER_FILE } from '../evidence/own-server-file.js'
import type { Folder } from './folder.js'

/** What was kept of the subject's own server is of this run and of the server that the plan names; a subject without one has none. */
export function checkOwnServer(folder: Folder, plan: Plan | null): void {
  const there = folder.paths.has(OWN_SERVER_FILE)
  const planned = plan?.subject.downgrade?.server
  if (plan !== null && planned === undefined && there) folder.say('file_added', OWN_SERVER_FILE, null, 'nothing: the subject has no server of its own', 'a file')
  if (!there) {
    if (planned !== undefined && !folder.unfinished) folder.say('file_missing', OWN_SERVER_FILE, null, 'what was kept of the subject\'s own server', 'no such file')
    return
  }
  const kept = folder.record(OWN_SERVER_FILE, OwnServerRecordSchema)
  if (kept === null || plan === null || planned === undefined) return
  folder.compare('other_run', OWN_SERVER_FILE, { run_id: plan.run_id, server: planned }, { run_id: kept.run_id, server: kept.server })
}
