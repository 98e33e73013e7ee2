import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DOCTOR_CHECKS, type DoctorCheckId, type DoctorFinding } from '../../../src/contract/doctor.js'
import { LanecheckError } from '../../../src/contract/errors.js'
import { thisDesk, type Desk, type DoctorOptions } from '../../../src/doctor/desk.js'
import { CHECKS, examine } from '../../../src/doctor/doctor.js'
import { makeCertificate } from '../../../src/loopback/certificate.js'
import { packageVersion } from '../../../src/package-root.js'
import { NO_ENGINES } from '../cli/run.js'

let folder = ''
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'lanecheck-doctor-')) })
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const MIB = 1024 * 1024
const OPTIONS: DoctorOptions = { engines: ['chromium', 'firefox', 'webkit'], launch: true, out: '', subject: 'native', scenarios: [], expectations: undefined, claims_config: undefined, signal: new AbortController().signal }
const file = (name: string, text: string): string => {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

/** Asks for one check on this machine, with a fault in place of a part of it. */
async function ask(check: DoctorCheckId, desk: Partial<Desk> = {}, options: Partial<DoctorOptions> = {}): Promise<{ finding: DoctorFinding; exit: number }> {
  const report = await examine({ ...thisDesk(), ...desk }, { ...OPTIONS, out: join(folder, 'out'), ...options }, undefined, CHECKS.filter((one) => one.check === check))
  expect(report.lanecheck_version).toBe(packageVersion())
  return { finding: report.checks[0]!, exit: report.exit_code }
}

/** A stock WebKitGTK, or a program of one engine, where the disk has it. */
const { machine } = thisDesk()
const none = { ...machine, isExecutable: () => false, exists: () => false, list: () => [], playwrightBuild: () => null }
function stock(): { path: string; desk: Partial<Desk> } {
  const path = file('webkit/MiniBrowser', '#!/bin/sh\nexit 7\n')
  chmodSync(path, 0o755)
  return { path, desk: { env: { PATH: '/nonexistent', LANECHECK_WEBKIT: path }, machine: { ...none, isExecutable: (one) => one === path } } }
}
const dead = (name: string): string => {
  const path = file(name, '#!/bin/sh\nexit 7\n')
  chmodSync(path, 0o755)
  return path
}

/** Every check with its fault planted: what it then says, what to type, and the exit code. */
const FAULTS: Array<[check: DoctorCheckId, fault: string, plant: () => Promise<{ finding: DoctorFinding; exit: number }>, says: RegExp, mend: RegExp, exit: number]> = [
  ['node', 'an old Node', () => ask('node', { node_version: '18.20.4' }), /Node 18\.20\.4; lanecheck needs 20\.19 or newer/, /^nvm install 20/, 64],
  ['build', 'a part is gone', () => ask('build', { root: dirname(file('package.json', '{"engines":{"node":">=1"},"dependencies":{"playwright":"1.0.0"}}')) }), /own build lacks dist\/agent\.js, /, /npm install lanecheck/, 70],
  ['driver', 'not installed', () => ask('driver', { root: dirname(file('package.json', '{"engines":{"node":">=1"},"dependencies":{"playwright":"1.0.0"}}')) }), /playwright, which drives the engines, is not installed/, /^npm install playwright@1\.0\.0$/, 3],
  ['driver', 'another version', () => {
    file('other/node_modules/playwright/package.json', '{"version":"9.9.9"}')
    return ask('driver', { root: dirname(file('other/package.json', '{"engines":{"node":">=1"},"dependencies":{"playwright":"1.0.0"}}')) })
  }, /playwright 9\.9\.9; the kit drives engines by 1\.0\.0/, /^npm install playwright@1\.0\.0$/, 3],
  ...(['chromium', 'firefox', 'webkit'] as const).flatMap((engine): typeof FAULTS => [
    [engine, 'a path that is not there', () => ask(engine, { env: NO_ENGINES }), new RegExp(`LANECHECK_${engine.toUpperCase()} names /nonexistent/${engine}, which does not exist`), new RegExp(`^unset LANECHECK_${engine.toUpperCase()}`), 3],
    [engine, 'nowhere to be found', () => ask(engine, { env: { PATH: '/nonexistent' }, machine: { ...none, os_family: ['debian'], is_root: false } }), /no build of Playwright's own, and no .*would end as not_run/, /^sudo apt-get install -y .*(chromium|firefox-esr|libwebkit2gtk)/, 3],
  ]),
  ['chromium', 'a program that ends at once', () => ask('chromium', { env: { ...process.env, LANECHECK_CHROMIUM: dead('chromium') } }), /did not start/, /--version/, 3],
  ['display', 'no DISPLAY and no Xvfb', () => ask('display', { ...stock().desk }), /WebKitGTK needs a display: DISPLAY is empty and Xvfb is not installed/, /apt-get install .*xvfb$/, 3],
  ['webkit_parts', 'a MiniBrowser by itself', () => ask('webkit_parts', { ...stock().desk }), /there is no WebKitWebProcess, WebKitNetworkProcess/, /apt-get install --reinstall -y libwebkit2gtk/, 3],
  ['loopback', 'no socket to be had', () => ask('loopback', { listen: () => Promise.reject(new LanecheckError('port_busy', 'EADDRNOTAVAIL')) }), /no server can be bound and reached on 127\.0\.0\.1: EADDRNOTAVAIL/, /^ip link set lo up/, 3],
  ['proxy', 'a wall that lets all through', () => ask('proxy', { startProxy: openDoor }), /the wall answered 200 and 200 instead of 403, and logged 0 of 2 calls/, /lanecheck doctor --json/, 3],
  ['certificate', 'a key that is another\'s', () => ask('certificate', { makeCertificate: async () => ({ ...await makeCertificate(), key: (await makeCertificate()).key }) }), /key values mismatch/, /lanecheck doctor --json/, 70],
  ['output_writable', 'a file where a folder should be', () => ask('output_writable', {}, { out: join(file('a-file', ''), 'out') }), /cannot write .*ENOTDIR/, /--out DIR/, 64],
  ['disk_space', 'a full disk', () => ask('disk_space', { freeBytes: () => 3 * MIB }), /3 MiB free where the evidence goes .*; a run needs 64 MiB/, /^df -h .*--out DIR/, 3],
  ['shared_memory', 'next to none', () => ask('shared_memory', { machine: { ...machine, platform: 'linux' }, freeBytes: () => MIB }), /1 MiB free in \/dev\/shm/, /--shm-size=1g/, 3],
  ['memory', 'next to none', () => ask('memory', { memory: () => 100 * MIB }), /100 MiB of memory to be had; a run needs 384 MiB/, /--frames 1/, 3],
  ['open_files', 'few', () => ask('open_files', { openFiles: () => 64 }), /may hold 64 files open; a run needs 256/, /^ulimit -n/, 3],
  ['subject', 'not there', () => ask('subject', {}, { subject: join(folder, 'none.ts') }), /there is no module at .*none\.ts/, /default export is a Subject/, 64],
  ['subject', 'throws as it loads', () => ask('subject', {}, { subject: file('throws.mjs', 'throw new Error("boom")') }), /boom/, /lab/, 64],
  ['scenarios', 'an unknown field', () => ask('scenarios', {}, { scenarios: [file('s.yaml', 'id: a.b\ntitel: x\n')] }), /titel: there is no such field|s\.yaml/, /correct/, 64],
  ['expectations', 'not JSON', () => ask('expectations', {}, { expectations: file('e.json', '{') }), /the expectations file cannot be read/, /lane, scenario, verdict and reason/, 64],
  ['claims_config', 'an unknown key', () => ask('claims_config', {}, { claims_config: file('c.yaml', 'max_age: 3') }), /the claims config cannot be read: .*max_age/, /max_age_days/, 64],
]

/** A proxy that answers as if all were well. */
async function openDoor(): ReturnType<Desk['startProxy']> {
  const server = createServer((_, answer) => answer.end()).on('connect', (_, socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, refused: [], onRefused: () => () => undefined, close: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections() }) }
}

describe('T0 browser_surface: doctor says what is wrong and what to type', () => {
  it.each(FAULTS)('%s: %s', async (check, _, plant, says, mend, exit) => {
    const { finding, exit: code } = await plant()
    expect(finding).toMatchObject({ check, status: 'failed', says: expect.stringMatching(says) as string, mend: expect.stringMatching(mend) as string })
    expect(code).toBe(exit)
  })

  it('every check is there, in the order of the vocabulary, and each but those that cannot fail was seen to', () => {
    expect(CHECKS.map(({ check }) => check)).toEqual([...DOCTOR_CHECKS])
    const planted = new Set(FAULTS.map(([check]) => check))
    expect(DOCTOR_CHECKS.filter((check) => !planted.has(check))).toEqual(['clock', 'rust_tools'])
  })

  it.each([
    ['build', () => ask('build', { root: stale() }), /src\/new\.ts is newer than the build/, /^npm run build$/],
    ['shared_memory', () => ask('shared_memory', { machine: { ...machine, platform: 'linux' }, freeBytes: () => 32 * MIB }), /32 MiB/, /shm-size/],
    ['shared_memory, without one', () => ask('shared_memory', { machine: { ...machine, platform: 'linux' }, freeBytes: () => { throw new Error('ENOENT') } }), /there is no \/dev\/shm/, /mount/],
    ['memory', () => ask('memory', { memory: () => 1024 * MIB }), /1\.0 GiB/, /frames/],
    ['disk_space', () => ask('disk_space', { freeBytes: () => 100 * MIB }), /100 MiB/, /df -h/],
    ['open_files', () => ask('open_files', { openFiles: () => 512 }), /512/, /ulimit/],
    ['clock, set by somebody', () => ask('clock', { clock: async () => ({ late_ms: 1, apart_ms: 900 }) }), /900 ms apart: somebody sets the clock/, /timedatectl/],
    ['clock, on a busy machine', () => ask('clock', { clock: async () => ({ late_ms: 250, apart_ms: 0 }) }), /up to 250 ms late.*busy/, /uptime/],
  ] as const)('warns, and a run may go on: %s', async (_, plant, says, mend) => {
    const { finding, exit } = await plant()
    expect(finding).toMatchObject({ status: 'warning', says: expect.stringMatching(says) as string, mend: expect.stringMatching(mend) as string })
    expect(exit).toBe(0)
  })

  it('what is well is ok, here and now', async () => {
    for (const check of ['node', 'driver', 'loopback', 'proxy', 'certificate', 'output_writable', 'subject', 'expectations'] as const) {
      expect((await ask(check)).finding).toMatchObject({ check, status: 'ok', mend: null })
    }
    expect((await ask('rust_tools', { env: { PATH: '/nonexistent' }, machine: none })).finding).toMatchObject({ status: 'note', says: expect.stringContaining('no wasm-pack; no cargo') as string })
    expect((await ask('firefox', {}, { engines: ['chromium'] })).finding).toMatchObject({ status: 'note', says: 'not asked for' })
    // It leaves nothing behind.
    expect(existsSync(join(folder, 'out'))).toBe(false)
    expect(readdirSync(folder).filter((name) => name.startsWith('.lanecheck'))).toEqual([])
  })

  it('a check that never ends has failed when its time is up, and what it started is told to stop', async () => {
    let stopped = false
    const report = await examine(thisDesk(), OPTIONS, undefined, [{ check: 'clock', spoils: 3, limit_ms: 50, run: (_, __, signal) => new Promise(() => signal.addEventListener('abort', () => { stopped = true })) }])
    expect(report).toMatchObject({ exit_code: 3, checks: [{ check: 'clock', status: 'failed', says: 'the check of clock took longer than 50 ms' }] })
    expect(stopped).toBe(true)
  })

  it('an examination that is broken off is no report', async () => {
    await expect(examine(thisDesk(), { ...OPTIONS, signal: AbortSignal.abort() }, undefined, CHECKS.filter(({ check }) => check === 'clock'))).rejects.toMatchObject({ code: 'interrupted' })
  })
})

/** A clone with a source newer than its build. */
function stale(): string {
  const build = ['dist/agent.js', 'dist/lab-host.js', 'dist/artifacts/reference.js', 'dist/artifacts/canary.js', 'dist/artifacts/native.js', 'dist/src/lab/lab-worker.js', 'dist/bridge/worker.js', 'dist/host-probes/realm.js', 'dist/host-probes/recorder/install.js']
  for (const path of [...build, 'scripts/build.mjs']) file(`clone/${path}`, '')
  const later = new Date(Date.now() + 3_000)
  utimesSync(file('clone/src/new.ts', ''), later, later)
  return join(folder, 'clone')
}
