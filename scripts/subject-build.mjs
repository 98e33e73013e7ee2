// Builds subjects/reference from its Rust crate and writes pkg/ and provenance.json beside it.
//
//   node scripts/subject-build.mjs           builds and writes
//   node scripts/subject-build.mjs --check   builds elsewhere and compares with what is committed
//
// Bytes are compared when all recorded tool versions match; else exports, imports and behaviour are, and it says 'toolchain drift'.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SUBJECT = join(ROOT, 'subjects/reference')
const WASM = 'lanecheck_reference_bg.wasm'
const BUILD_LIMIT_MS = 20 * 60_000
const TEST_LIMIT_MS = 5 * 60_000

class BuildFailed extends Error {}

/** Builds the crate into `out` and returns what the tools say of themselves. */
function build(work, out) {
  const script = join(ROOT, 'scripts/build-wasm-pack.sh')
  const { status, signal, stdout, stderr } = spawnSync('bash', [script, join(SUBJECT, 'crate'), out, 'web'], {
    env: { ...process.env, WORK: work, KEEP: '1' }, encoding: 'utf8', timeout: BUILD_LIMIT_MS,
  })
  if (status !== 0) throw new BuildFailed(`the build ended with ${status ?? signal}:\n${stdout}\n${stderr}`)
  const said = (pattern) => stdout.match(pattern)?.[1] ?? fail(`the build does not say ${pattern}:\n${stdout}`)
  return {
    rustc: said(/^rustc (.+)$/m),
    wasm_bindgen: said(/^wasm-bindgen (.+)$/m),
    wasm_pack: said(/^wasm-pack (.+)$/m),
    wasm_opt: said(/^wasm-opt version (.+)$/m),
  }
}

function fail(message) {
  throw new BuildFailed(message)
}

/** SHA-256 of every file under `folder`, by path. */
function digests(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = files.map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1)).sort()
  return Object.fromEntries(paths.map((path) => [path, createHash('sha256').update(readFileSync(join(folder, path))).digest('hex')]))
}

/** The crates that cargo locked, each with its version. */
function crates(work) {
  const lock = readFileSync(join(work, 'root/src/crate/Cargo.lock'), 'utf8')
  const packages = [...lock.matchAll(/^name = "(.+)"\nversion = "(.+)"$/gm)].map(([, name, version]) => [name, version])
  return Object.fromEntries(packages.filter(([name]) => name !== 'lanecheck-reference'))
}

/** wasm-bindgen ends or splits names with a 16-digit hash that changes with its version. */
const nameOf = (name) => name.replace(/_[0-9a-f]{16}(?![0-9a-f])/g, '')

function interfaceOf(wasm) {
  const module = new WebAssembly.Module(readFileSync(wasm))
  return {
    imports: WebAssembly.Module.imports(module).map(({ module: from, name, kind }) => `${kind} ${from} ${nameOf(name)}`).sort(),
    exports: WebAssembly.Module.exports(module).map(({ name, kind }) => `${kind} ${nameOf(name)}`).sort(),
  }
}

function provenance(tools, work, out) {
  const cargo = readFileSync(join(SUBJECT, 'crate/Cargo.toml'), 'utf8')
  return {
    schema: 'lanecheck.subject-provenance.v1',
    tools,
    crates: crates(work),
    flags: {
      wasm_pack: ['build', '--release', '--target', 'web', '--mode', 'no-install'],
      linker: 'wasm-ld',
      wasm_opt: [...cargo.matchAll(/"(-O\w+|--enable-[\w-]+)"/g)].map(([, flag]) => flag),
    },
    sources: digests(join(SUBJECT, 'crate')),
    outputs: digests(out),
    ...interfaceOf(join(out, WASM)),
  }
}

const committed = () => JSON.parse(readFileSync(join(SUBJECT, 'provenance.json'), 'utf8'))
const same = (left, right) => JSON.stringify(left) === JSON.stringify(right)
const differing = (left, right) => [...new Set([...Object.keys(left), ...Object.keys(right)])].filter((key) => left[key] !== right[key])

function write(fresh, out) {
  rmSync(join(SUBJECT, 'pkg'), { recursive: true, force: true })
  cpSync(out, join(SUBJECT, 'pkg'), { recursive: true })
  writeFileSync(join(SUBJECT, 'provenance.json'), `${JSON.stringify(fresh, null, 2)}\n`)
  console.log(`wrote subjects/reference/pkg (${Object.keys(fresh.outputs).length} files) and provenance.json`)
}

function compare(fresh, out) {
  const kept = committed()
  const stale = differing(kept.sources, fresh.sources)
  if (stale.length > 0) fail(`sources changed since the committed build: ${stale.join(', ')}; build again without --check`)
  if (same([kept.tools, kept.crates], [fresh.tools, fresh.crates])) {
    const changed = differing(kept.outputs, fresh.outputs)
    if (changed.length > 0) fail(`same tools, other bytes: ${changed.join(', ')}`)
    console.log('same tools, same bytes')
    return
  }
  const drift = [...differing(kept.tools, fresh.tools), ...differing(kept.crates, fresh.crates)]
  console.log(`toolchain drift: ${drift.join(', ')}; comparing exports, imports and behaviour instead of bytes`)
  for (const list of ['exports', 'imports']) {
    if (!same(kept[list], fresh[list])) fail(`other ${list}:\n${JSON.stringify(fresh[list], null, 2)}`)
  }
  behave(out)
  console.log('other bytes, same exports, imports and behaviour')
}

/** Runs the behaviour tests on the package in `out`. */
function behave(out) {
  const suites = ['timers', 'sockets', 'requests'].map((family) => `tests/unit/subjects/${family}.test.ts`)
  const { status } = spawnSync(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', ...suites], {
    cwd: ROOT, env: { ...process.env, LANECHECK_REFERENCE_PKG: out }, stdio: 'inherit', timeout: TEST_LIMIT_MS,
  })
  if (status !== 0) fail('the fresh package behaves otherwise')
}

const folder = mkdtempSync(join(tmpdir(), 'lanecheck-subject-'))
try {
  const [work, out] = [join(folder, 'work'), join(folder, 'pkg')]
  const tools = build(work, out)
  const fresh = provenance(tools, work, out)
  if (process.argv.includes('--check')) compare(fresh, out)
  else write(fresh, out)
} catch (error) {
  if (!(error instanceof BuildFailed)) throw error
  console.error(`subject:build: ${error.message}`)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
