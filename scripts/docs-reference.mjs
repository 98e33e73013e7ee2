// Writes docs/reference/*.md: the commands from what `--help` says, the records from schemas/.
//
//   node scripts/docs-reference.mjs           writes
//   node scripts/docs-reference.mjs --check   says what is out of date, and ends with 1
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const REFERENCE = join(ROOT, 'docs/reference')
const LIMIT_MS = 60_000
const AT_ONCE = 2
const MADE = '<!-- Made by npm run docs:reference. -->'

/** What a command says of itself, and the names of those below it. */
async function helpOf(path) {
  const text = await said([...path, '--help'])
  const [, listed = ''] = text.split(/^Commands:$/m)
  const below = [...listed.split('\n\n')[0].matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name]) => name).filter((name) => name !== 'help')
  return { path, text: text.trimEnd(), below }
}

function said(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, 'dist/src/cli/main.js'), ...args], { env: { ...process.env, NO_COLOR: '1', COLUMNS: '100' }, timeout: LIMIT_MS, stdio: ['ignore', 'pipe', 'pipe'] })
    let [out, err] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text) => (out += text))
    child.stderr.setEncoding('utf8').on('data', (text) => (err += text))
    child.once('error', reject).once('close', (code) => (code === 0 ? resolve(out) : reject(new Error(`lanecheck ${args.join(' ')} ended with ${code}: ${err}`))))
  })
}

/** All commands, each before those below it. */
async function commands() {
  const waiting = [[]]
  const found = []
  while (waiting.length > 0) {
    const helps = await Promise.all(waiting.splice(0, AT_ONCE).map(helpOf))
    found.push(...helps)
    for (const { path, below } of helps) waiting.push(...below.map((name) => [...path, name]))
  }
  return found.sort((one, other) => (one.path.join(' ') < other.path.join(' ') ? -1 : 1))
}

const commandPage = (all) => [
  '# Commands', '', MADE, '', 'What each command says with `--help`.', '',
  ...all.flatMap(({ path, text }) => [`## \`${['lanecheck', ...path].join(' ')}\``, '', '```text', text, '```', '']),
].join('\n')

function recordPage(schemas) {
  const parts = schemas.flatMap(({ file, schema }) => [
    `## \`${file.replace('.schema.json', '')}\``, '',
    ...(schema.description === undefined ? [] : [`${plain(schema.description)}`, '']),
    `\`schemas/${file}\``, '',
    ...fieldTable(schema),
  ])
  return ['# Records', '', MADE, '', 'Every record that a run keeps, a command prints or a person writes, with the fields of its first level. The whole of it is a JSON Schema in the package: `lanecheck/schemas/<file>`. No field is ignored that is not named there: an unknown one is an error.', '', ...parts].join('\n')
}

function fieldTable(schema) {
  const shapes = [schema, ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].filter(({ properties }) => properties !== undefined)
  if (shapes.length === 0) return [`A value of type ${kindOf(schema, schema)}.`, '']
  return shapes.flatMap((shape) => [
    '| field | type | |', '|---|---|---|',
    ...Object.entries(shape.properties).map(([name, field]) => `| \`${name}\` | ${kindOf(field, schema)} | ${shape.required?.includes(name) ? '' : 'optional'} |`), '',
  ])
}

/** The type of a field in a few words. */
function kindOf(field, root) {
  if (field.$ref !== undefined) return kindOf(field.$ref.split('/').slice(1).reduce((at, key) => at?.[key.replaceAll('~1', '/')], root) ?? {}, root)
  if (field.const !== undefined) return `\`${field.const}\``
  if (field.enum !== undefined) return field.enum.length > 6 ? `one of ${field.enum.length} words` : field.enum.map((word) => `\`${word}\``).join(', ')
  const some = field.anyOf ?? field.oneOf
  if (some !== undefined) return [...new Set(some.map((one) => kindOf(one, root)))].join(' or ')
  if (field.type === 'array') return `list of ${field.items === undefined ? 'anything' : kindOf(field.items, root)}`
  return [field.type ?? 'anything'].flat().join(' or ')
}

/** Text that is neither HTML nor a template. */
const plain = (text) => text.replace(/\s+/g, ' ').replaceAll('<', '&lt;').replaceAll('{{', '&#123;&#123;')

const schemas = readdirSync(join(ROOT, 'schemas')).filter((name) => name.endsWith('.schema.json')).sort().map((file) => ({ file, schema: JSON.parse(readFileSync(join(ROOT, 'schemas', file), 'utf8')) }))
const pages = { 'commands.md': commandPage(await commands()), 'records.md': recordPage(schemas) }

mkdirSync(REFERENCE, { recursive: true })
const there = readdirSync(REFERENCE)
const stale = [...Object.keys(pages).filter((name) => !there.includes(name) || readFileSync(join(REFERENCE, name), 'utf8') !== pages[name]), ...there.filter((name) => !(name in pages))]
if (process.argv.includes('--check')) {
  for (const name of stale) console.error(`docs/reference/${name} is out of date: npm run docs:reference`)
  process.exitCode = stale.length > 0 ? 1 : 0
} else {
  for (const name of there.filter((one) => !(one in pages))) rmSync(join(REFERENCE, name))
  for (const [name, text] of Object.entries(pages)) writeFileSync(join(REFERENCE, name), text)
  console.log(stale.length === 0 ? 'unchanged' : `written: ${stale.join(', ')}`)
}
