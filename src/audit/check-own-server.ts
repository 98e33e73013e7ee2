import { OwnServerRecordSchema } from '../contract/own-downgrade.js'
import type { Plan } from '../contract/verdict.js'
import { ownServerPath, ownServerPlace } from '../evidence/own-server-file.js'
import { shardPlace } from '../evidence/shard-file.js'
import type { Folder } from './folder.js'

/** What was kept of the subject's own server, in each part of the run, is of this run and of the server that the plan names; a subject without one has none. */
export function checkOwnServer(folder: Folder, plan: Plan | null): void {
  if (plan === null) return
  const planned = plan.subject.downgrade?.server
  const shards = [...folder.paths].flatMap((path) => shardPlace(path) ?? [])
  const due = new Set(planned === undefined ? [] : shards.length === 0 ? [ownServerPath(null)] : shards.map(ownServerPath))
  const why = planned === undefined ? 'nothing: the subject has no server of its own' : 'nothing: no part of the run that is here had this server'
  for (const path of folder.paths) if (ownServerPlace(path) !== undefined && !due.has(path)) folder.say('file_added', path, null, why, 'a file')
  for (const path of due) {
    if (!folder.paths.has(path)) {
      if (!folder.unfinished) folder.say('file_missing', path, null, 'what was kept of the subject\'s own server', 'no such file')
      continue
    }
    const kept = folder.record(path, OwnServerRecordSchema)
    if (kept !== null) folder.compare('other_run', path, { run_id: plan.run_id, server: planned }, { run_id: kept.run_id, server: kept.server })
  }
}
