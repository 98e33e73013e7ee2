import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CONFIG_FILES } from '../config/lanecheck-config.js'
import { standsAt } from '../config/read-text.js'
import { isLanecheckError, LanecheckError } from '../contract/errors.js'
import { ENGINES } from '../contract/vocabulary.js'
import { atomicWrite } from '../evidence/atomic-write.js'
import { findEngine } from '../../lanes/engines/find.js'
import { candidatesIn, type Candidate } from './candidates.js'
import { LANGUAGES, type Choices } from './choices.js'
import { callables } from './exports.js'
import { filesFor, LANES_FOLDER, scenarioPrefix, type NewFile } from './files.js'
import { loadingOf } from './loading.js'
import { seePackage, type PackageSeen } from './package-seen.js'
import { InitReportSchema, type InitReport } from './record.js'
import { requiredOf, rolesOf, todosIn } from './subject-text.js'
import { startsInLab } from './starts-in-lab.js'

/** Who decides what cannot be told from the files: a person who is asked, or nobody. */
export interface Decider {
  package(candidates: readonly Candidate[]): Promise<Candidate>
  /** What is `settled` is not asked for. */
  choices(likely: Choices, settled: Partial<Choices>): Promise<Choices>
  /** Whether these files are to be written. */
  go(files: readonly NewFile[]): Promise<boolean>
}

export interface InitOptions {
  folder: string
  /** A folder or an installed package; null: whatever is found. */
  wanted: string | null
  /** Write what is not there yet, and leave what is. */
  missing: boolean
  decide: Decider
}

/**
 * Puts the package of a folder under test: writes a subject, a config, expectations and a first scenario, and tries them in the lab; null when it was decided not to.
 * Nothing that is there is ever written over. Throws `package_not_found`, `package_unreadable`, `package_not_for_browsers`, `wasm_invalid`, `files_exist`, `output_not_writable`, `disk_full`.
 */
export async function init({ folder, wanted, missing, decide }: InitOptions): Promise<InitReport | null> {
  const { seen, because, others } = await found(folder, wanted, decide)
  const settled = languageOf(folder)
  const choices = { ...await decide.choices({ language: seen.typed || existsSync(join(folder, 'tsconfig.json')) ? 'ts' : 'js', config: 'json', bridge: true, ...settled }, settled), ...settled }
  const loading = loadingOf(seen, join(folder, LANES_FOLDER), choices.language === 'ts')
  const files = filesFor(seen, loading, choices)
  const there = files.filter(({ path }) => isThere(folder, path))
  if (there.length > 0 && !missing) throw taken(folder, there)
  const fresh = files.filter((file) => !there.includes(file))
  if (!await decide.go(fresh)) return null
  for (const { path, text } of fresh) await atomicWrite(join(folder, path), text)
  const { inspection } = seen
  return InitReportSchema.parse({
    schema: 'lanecheck.init.v1',
    package: { wanted: seen.wanted, name: inspection.package.name, version: inspection.package.version, shape: inspection.shape, because },
    others,
    exports: callables(seen.exports).map(({ text }) => text),
    inferred: { requires: requiredOf(seen, loading), host_roles: rolesOf(seen), families: inspection.inferred.families },
    files: files.map((file) => (there.includes(file) ? { path: whereItIs(folder, file), state: 'kept' as const } : { path: file.path, state: 'written' as const })),
    todo: fresh.flatMap(({ path, text }) => todosIn(path, text)),
    starts: there.length > 0 ? null : await startsInLab(folder, files[0].path, files.map(({ path }) => path).filter((path) => path.includes('.scenario.'))),
    next: nextFor(folder, scenarioPrefix(seen)),
  } satisfies InitReport)
}

async function found(folder: string, wanted: string | null, decide: Decider): Promise<{ seen: PackageSeen; because: string; others: string[] }> {
  if (wanted !== null) return { seen: await seePackage(wanted, folder), because: 'it was named', others: [] }
  const candidates = candidatesIn(folder)
  if (candidates.length === 0) throw nothingHere(folder)
  const chosen = await decide.package(candidates)
  // One that was built for Node may stand beside one for browsers.
  let refused: unknown = null
  for (const { wanted: one, because } of [chosen, ...candidates.filter((candidate) => candidate !== chosen)]) {
    try {
      return { seen: await seePackage(one, folder), because, others: candidates.map((candidate) => candidate.wanted).filter((other) => other !== one) }
    } catch (error) {
      if (!isLanecheckError(error) || error.code !== 'package_not_for_browsers') throw error
      refused ??= error
    }
  }
  throw refused
}

function nothingHere(folder: string): LanecheckError {
  const crate = existsSync(join(folder, 'Cargo.toml'))
  return new LanecheckError('package_not_found', `there is no package here${crate ? ', but a crate that is not built' : ': no pkg/, no package.json with an entry, no installed package with WASM'}`, {
    where: folder, hint: crate ? 'wasm-pack build --target web, then: lanecheck init' : 'go to the package\'s folder, or name it: lanecheck init ./pkg, lanecheck init NAME',
  })
}

/** The language of what an earlier init left. */
function languageOf(folder: string): Partial<Choices> {
  const language = ['subject', 'start.scenario'].flatMap((name) => LANGUAGES.filter((one) => standsAt(join(folder, LANES_FOLDER, `${name}.${one}`)))).at(0)
  return language === undefined ? {} : { language }
}

/** Of the config there is one, whatever its form; of subject and scenario, whatever their language. */
function namesFor(path: string): readonly string[] {
  if (path.startsWith('lanecheck.config.')) return CONFIG_FILES
  const [, stem] = /^(.*\/(?:subject|start\.scenario))\.[jt]s$/.exec(path) ?? []
  return stem === undefined ? [path] : LANGUAGES.map((language) => `${stem}.${language}`)
}
const isThere = (folder: string, path: string): boolean => namesFor(path).some((name) => standsAt(join(folder, name)))
const whereItIs = (folder: string, { path }: NewFile): string => namesFor(path).find((name) => standsAt(join(folder, name))) ?? path

function taken(folder: string, there: readonly NewFile[]): LanecheckError {
  const names = there.map((file) => whereItIs(folder, file))
  return new LanecheckError('files_exist', `nothing was written: ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} there already`, { where: folder, hint: 'move them away, or write only what is missing: lanecheck init --missing' })
}

/** What to type next: the first verdict on the engine at hand, then the whole. */
function nextFor(folder: string, prefix: string): string[] {
  const engine = ENGINES.find((one) => findEngine(one).found) ?? ENGINES[0]
  return [
    ...(existsSync(join(folder, 'node_modules/lanecheck')) ? [] : ['npm install --save-dev lanecheck']),
    `npx lanecheck verify --engine ${engine} --role window --scenario '${prefix}.*'`,
    `npx lanecheck verify --scenario '${prefix}.*'`,
    'npx lanecheck verify',
  ]
}
