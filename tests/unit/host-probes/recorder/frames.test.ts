import { afterEach, describe, expect, it } from 'vitest'
import { isSubjectCall, subjectFrames } from '../../../../host-probes/recorder/frames.js'
import { SOURCES, type ArtifactSources } from '../../../../src/contract/artifact-sources.js'

const globals = globalThis as unknown as Record<symbol, ArtifactSources | undefined>
/** Lines 100 to 109 of the artifact are `src/poll.ts` from line 1 on, 110 and 111 are its lines 41 and 42. */
const sources = (at = 'Error\n    at http://127.0.0.1:1/x/artifact.js:500:60'): ArtifactSources => ({ at, line: 500, files: { 'src/poll.ts': [[100, 109, 1], [110, 111, 41]], 'pkg/glue.js': [[200, 200, 7]] } })
const given = (own: ArtifactSources | undefined): void => { globals[Symbol.for(SOURCES)] = own }

describe('T0 every row: the frames of the subject in a stack', () => {
  afterEach(() => { delete globals[Symbol.for(SOURCES)] })

  it('of V8: the harness\'s own are left out, wasm has its function alone', () => {
    given(sources())
    expect(subjectFrames([
      'Error: setTimeout', '    at made (http://127.0.0.1:1/x/artifact.js:12:20)', '    at setTimeout (http://127.0.0.1:1/x/artifact.js:30:5)',
      '    at imports.wbg.__wbg_setTimeout_e7 (http://127.0.0.1:1/x/artifact.js:200:9)', '    at crate.wasm.alarm::set (wasm://wasm/crate.wasm-00aa:wasm-function[33]:0x1f2)',
      '    at async Poller.next (http://127.0.0.1:1/x/artifact.js:111:3)', '    at http://127.0.0.1:1/x/artifact.js:103:7', '    at new Promise (<anonymous>)', '    at run (http://127.0.0.1:1/x/artifact.js:112:1)',
    ].join('\n'))).toEqual(['imports.wbg.__wbg_setTimeout_e7 (pkg/glue.js:7)', 'crate.wasm.alarm::set (wasm-function[33])', 'Poller.next (src/poll.ts:42)', 'src/poll.ts:4'])
  })
  it('of SpiderMonkey and JavaScriptCore', () => {
    given(sources('@http://127.0.0.1:1/x/artifact.js:500:60\n'))
    expect(subjectFrames('made@http://127.0.0.1:1/x/artifact.js:12:20\npoll@http://127.0.0.1:1/x/artifact.js:100:1\n@http://127.0.0.1:1/x/artifact.js:110:9\nset@http://127.0.0.1:1/x/artifact.js line 9 > WebAssembly.Module:wasm-function[4]:0x1\n'))
      .toEqual(['poll (src/poll.ts:1)', 'src/poll.ts:41', 'set (wasm-function[4])'])
    expect(subjectFrames('wasm-stub@[wasm code]\n<?>.wasm-function[12]@[wasm code]\npoll@http://127.0.0.1:1/x/artifact.js:101:1\nforEach@[native code]\nglobal code@http://127.0.0.1:1/x/artifact.js:9:1'))
      .toEqual(['wasm-stub (wasm)', 'wasm-function[12]', 'poll (src/poll.ts:2)'])
  })
  it('an artifact that was put further down', () => {
    given(sources('Error\n    at eval (eval at evaluateIn (file:///a/b.js:27:15), <anonymous>:503:60)'))
    expect(subjectFrames('Error\n    at poll (eval at evaluateIn (file:///a/b.js:27:15), <anonymous>:103:2)\n    at made (eval at evaluateIn (file:///a/b.js:27:15), <anonymous>:102:2)')).toEqual(['poll (src/poll.ts:1)'])
  })
  it('of another script: none, whatever its lines; so a driver\'s own call is not the subject\'s', () => {
    given(sources())
    const [driver, subject] = ['Error: addEventListener\n    at add (http://127.0.0.1:1/x/artifact.js:12:20)\n    at inject (<anonymous>:103:7)', 'Error\n    at add (http://127.0.0.1:1/x/artifact.js:12:20)\n    at http://127.0.0.1:1/x/artifact.js:103:7']
    expect([subjectFrames(driver), isSubjectCall(driver)]).toEqual([[], false])
    expect([subjectFrames(subject), isSubjectCall(subject)]).toEqual([['src/poll.ts:4'], true])
    given(sources('@http://127.0.0.1:1/x/artifact.js:500:60\n'))
    expect(subjectFrames('add@http://127.0.0.1:1/x/artifact.js:12:20\ninject@debugger eval code:103:7\n@http://127.0.0.1:1/x/other.js:101:1\npoll@http://127.0.0.1:1/x/artifact.js:101:1')).toEqual(['poll (src/poll.ts:2)'])
    given(undefined)
    expect(isSubjectCall(driver)).toBe(true)
  })
  it('what Node does for the subject is not the subject\'s call; what Node calls back is', () => {
    given(sources())
    const ours = 'Error: addEventListener\n    at made (http://127.0.0.1:1/x/artifact.js:12:20)'
    const [subject, node] = ['    at get (http://127.0.0.1:1/x/artifact.js:103:7)', '    at Object.addAbortListener (node:internal/deps/undici/undici:1640:16)\n    at new Request (node:internal/deps/undici/undici:9993:18)']
    expect([isSubjectCall(`${ours}\n${node}\n${subject}`), isSubjectCall(`${ours}\n${subject}\n${node}`)]).toEqual([false, true])
    for (const place of ['node:internal/event_target:633:16', 'addAbortListener (/a/node_modules/undici/lib/core/util.js:5:1)', 'send (C:\\a\\util.js:5:1)', 'fetch (file:///a/dist/bridge/worker.js:21:5)']) expect(isSubjectCall(`${ours}\n    at ${place}\n${subject}`), place).toBe(false)
    const text = 'poll (eval at evaluateIn (file:///a/b.js:27:15), <anonymous>:103:2)'
    expect(isSubjectCall(`${ours}\n    at helper (eval at made (http://127.0.0.1:1/x/artifact.js:103:7), <anonymous>:3:2)\n${subject}`)).toBe(true)
    given(sources('Error\n    at eval (eval at evaluateIn (file:///a/b.js:27:15), <anonymous>:500:60)'))
    expect([isSubjectCall(`Error\n    at ${text}`), isSubjectCall(`Error\n    at send (file:///a/b.js:21:5)\n    at ${text}`)]).toEqual([true, false])
  })
  it('one that tells no place of its own is taken to stand where it was written', () => {
    given(sources('Error'))
    expect(subjectFrames('poll@http://127.0.0.1:1/x/artifact.js:101:1')).toEqual(['poll (src/poll.ts:2)'])
  })
  it('without the artifact\'s word, lines as they are', () => expect(subjectFrames('Error\n    at poll (http://127.0.0.1:1/x/artifact.js:100:1)\n    at <anonymous>')).toEqual(['poll (line 100 of the artifact)']))
  it('eight frames at most, and none of nothing', () => {
    given(sources())
    expect(subjectFrames(Array.from({ length: 20 }, () => 'poll@http://127.0.0.1:1/x/artifact.js:100:1').join('\n'))).toHaveLength(8)
    expect(subjectFrames('')).toEqual([])
  })
})
