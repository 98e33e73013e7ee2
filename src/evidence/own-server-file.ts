import { join } from 'node:path'
import { OwnServerRecordSchema, type OwnServerRecord } from '../contract/own-downgrade.js'
import { atomicWrite } from './atomic-write.js'
import { jsonText } from './bundle.js'

/** What is kept of a subject's own server, in the evidence folder. */
export const OWN_SERVER_FILE = 'own-server.json'

/** Throws `output_not_writable`, `disk_full`. */
export const writeOwnServer = (dir: string, record: Omit<OwnServerRecord, 'schema'>): Promise<void> =>
  atomicWrite(join(dir, OWN_SERVER_FILE), jsonText(OwnServerRecordSchema.parse({ schema: 'lanecheck.own-server.v1', ...record })))
