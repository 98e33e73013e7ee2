import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { DEFAULT_CLAIMS_CONFIG, loadClaimsConfig } from '../../config/claims-config.js'
import { DEFAULT_EXPECTATIONS, loadExpectations } from '../../config/expectations.js'
import { isLanecheckError } from '../../contract/errors.js'
import { atomicWrite } from '../../evidence/atomic-write.js'
import { failed, floor, note, ok, type Check, type Told } from '../check.js'

/** The nearest folder on the way to a path that is there. */
const existing = (path: string): string => (existsSync(path) || dirname(path) === path ? path : existing(dirname(path)))

/** What a failed load says, and its own hint as what to do. */
function told(error: unknown): Told {
  if (!isLanecheckError(error)) throw error
  return failed(`${error.message}${error.where === null || error.message.includes(error.where) ? '' : ` (${error.where})`}`, error.hint ?? 'lanecheck --help')
}

export const outputWritable: Check = {
  check: 'output_writable', spoils: 64, limit_ms: 5_000,
  run: async (_, { out }) => {
    const folder = existing(resolve(out))
    const probe = join(folder, `.lanecheck-doctor-${randomBytes(4).toString('hex')}`)
    try {
      await atomicWrite(probe, '')
      return ok(`the evidence can be written to ${out}`)
    } catch (error) {
      return told(error)
    } finally {
      await rm(probe, { force: true }).catch(() => undefined)
    }
  },
}

export const diskSpace: Check = {
  check: 'disk_space', spoils: 3, limit_ms: 2_000,
  run: async ({ freeBytes }, { out }) => floor(freeBytes(existing(resolve(out))), `free where the evidence goes (${out})`, { least: 64, wished: 512 }, `df -h ${existing(resolve(out))}   # free some, or choose another disk with --out DIR`),
}

export const subject: Check = {
  check: 'subject', spoils: 64, limit_ms: 60_000,
  run: async (_, { subject: named }) => {
    // Not before it is needed: the bundler takes longer to load than all the rest.
    const [{ loadArtifact }, { declaredInLab }] = await Promise.all([import('../../run/artifact.js'), import('../../run/subject-in-lab.js')])
    try {
      const { name, version, host_roles, bridge } = await declaredInLab(await loadArtifact(named))
      return ok(`${named} loads: ${name} ${version}, directly in ${host_roles.join(', ') || 'no role'}${bridge ? ', else over the bridge' : ''}`)
    } catch (error) {
      return told(error)
    }
  },
}

export const scenarios: Check = {
  check: 'scenarios', spoils: 64, limit_ms: 60_000,
  run: async (_, { scenarios: globs }) => {
    if (globs.length === 0) return note('no scenarios of your own are named: the kit\'s are run')
    const { loadOwnScenarios } = await import('../../scenarios/own/load.js')
    try {
      return ok(`${globs.join(', ')}: ${(await loadOwnScenarios(globs, '.')).map(({ id }) => id).join(', ')}`)
    } catch (error) {
      return told(error)
    }
  },
}

export const expectations: Check = {
  check: 'expectations', spoils: 64, limit_ms: 2_000,
  run: async (_, { expectations: file }) => {
    if (file === undefined && !existsSync(DEFAULT_EXPECTATIONS)) return note(`no ${DEFAULT_EXPECTATIONS} here: every cell is expected by default`)
    try {
      return ok(`${file ?? DEFAULT_EXPECTATIONS} parses: ${loadExpectations(file).length} entries`)
    } catch (error) {
      return told(error)
    }
  },
}

export const claimsConfig: Check = {
  check: 'claims_config', spoils: 64, limit_ms: 2_000,
  run: async (_, { claims_config: file }) => {
    if (file === undefined && !existsSync(DEFAULT_CLAIMS_CONFIG)) return note(`no ${DEFAULT_CLAIMS_CONFIG} here: claims are checked without limits of age`)
    try {
      loadClaimsConfig(file)
      return ok(`${file ?? DEFAULT_CLAIMS_CONFIG} parses`)
    } catch (error) {
      return told(error)
    }
  },
}
