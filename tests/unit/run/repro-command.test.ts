import { execFileSync } from 'node:child_process'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { CellId } from '../../../src/contract/lane.js'

const CELL: CellId = 'firefox.shared_worker/timer.cancel.before_fire'

/** What a shell makes of a command's words, but for the first ones. */
const words = (command: string): string[] =>
  execFileSync('sh', ['-c', command.replace(/^npm run verify --/, 'printf "%s\\n"').replace('$(mktemp -d)', 'OUT')], { encoding: 'utf8' }).trimEnd().split('\n')

async function commandFor(subject: string, root = '/home/someone/lanecheck'): Promise<string> {
  vi.resetModules()
  vi.doMock('../../../src/package-root.js', () => ({ packageRoot: () => root }))
  const { reproCommand } = await import('../../../src/run/repro-command.js')
  return reproCommand(CELL, subject, 42)
}

describe('T0 virtual_transport_surface: the command that runs a cell again', () => {
  afterEach(() => { vi.doUnmock('../../../src/package-root.js') })

  it('names subject, cell and seed, and writes to a new folder of its own', async () => {
    expect(await commandFor('reference')).toBe(`npm run verify -- --subject reference --cell ${CELL} --seed 42 --out "$(mktemp -d)"`)
  })

  it('is the installed command where the package is installed', async () => {
    expect(await commandFor('reference', '/home/someone/project/node_modules/lanecheck')).toMatch(/^npx lanecheck verify --subject reference /)
    expect(await commandFor('reference', '/home/someone/my_node_modules/lanecheck')).toMatch(/^npm run verify -- /)
  })

  it.each(['./my-subject.ts', '@scope/pkg', 'my subject.ts', 'it\'s.ts', '$HOME/x.ts', '"quoted".ts', 'a;b.ts', 'späße.ts', '', '`date`.ts', 'a\\b.ts', '*.ts'])('a shell reads the subject %j back as it is', async (subject) => {
    expect(words(await commandFor(subject))).toEqual(['--subject', subject, '--cell', CELL, '--seed', '42', '--out', 'OUT'])
  })
})
