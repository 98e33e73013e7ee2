import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../../src/evidence/digest.js'
import { loadArtifact } from '../../../src/run/artifact.js'
import { inFolder } from './support.js'

describe('T0 browser_surface: the artifact of a subject', () => {
  it.each(['native', 'reference'])('of the built-in %s, with the digest of its very bytes', async (subject) => {
    const artifact = await loadArtifact(subject)
    expect(artifact).toMatchObject({ subject, sha256: sha256Hex(artifact.source) })
    expect(artifact.source).toContain(`"${subject}"`)
  })

  it.each(['no/such/subject.ts', 'constructor', 'Native'])('%s is no subject', async (subject) => {
    await expect(loadArtifact(subject)).rejects.toMatchObject({ code: 'subject_not_found', hint: expect.stringContaining('reference, native') as unknown })
  })

  it('of a module at a path', () => inFolder(async (dir) => {
    const path = join(dir, 'mine.js')
    await writeFile(path, 'export default { name: "mine-alone", version: "1", requires: [], host_roles: [], bridge: false, start: async () => ({ shutdown: async () => {} }) }')
    const { source, subject } = await loadArtifact(path)
    expect(subject).toBe(path)
    expect(source).toContain('mine-alone')
  }))
})
