import type { Scenario } from '../../contract/scenario.js'
import { scenario } from '../build.js'
import { NOT_ISOLATED, NO_SECURE_CONTEXT, WASM_BLOCKED, admittedDirectly, onInsecurePage, upToTheEngine, withheldByPage, withheldFrom } from './rules.js'
import { ECHO, TIMERS } from './work.js'

/** Changed page conditions: what the page withholds is laid at the page's door, and what it does not withhold changes nothing. */
export const PAGES: Scenario[] = [
  scenario({
    id: 'browser.isolation.on', title: 'A cross-origin isolated page changes nothing for a subject that asks nothing of it',
    page: 'isolated', ...ECHO, expect: { ...ECHO.expect, admission: admittedDirectly },
  }),
  scenario({
    id: 'browser.isolation.on_shared_memory', title: 'On an isolated page shared memory is up to the engine',
    page: 'isolated', needs: ['shared_array_buffer'], ...TIMERS, expect: { ...TIMERS.expect, admission: upToTheEngine('shared_array_buffer') },
  }),
  scenario({
    id: 'browser.isolation.off_shared_memory', title: 'Without isolation there is no shared memory in any engine, and the page is why',
    needs: ['shared_array_buffer'], ...ECHO, expect: { ...ECHO.expect, admission: withheldByPage(NOT_ISOLATED) },
  }),
  scenario({
    id: 'browser.wasm_policy.forbidden', title: 'A content security policy that forbids WebAssembly downgrades a subject that requires it, and no other',
    page: 'wasm_forbidden', ...ECHO, expect: { ...ECHO.expect, admission: withheldFrom('webassembly', WASM_BLOCKED) },
  }),
  scenario({
    id: 'browser.wasm_policy.forbidden_needed', title: 'What needs WebAssembly goes over the bridge where the policy forbids it, whatever the engine can do',
    page: 'wasm_forbidden', needs: ['webassembly'], ...TIMERS, expect: { ...TIMERS.expect, admission: withheldByPage(WASM_BLOCKED) },
  }),
  scenario({
    id: 'browser.wasm_policy.allowed', title: 'Without such a policy WebAssembly is up to the engine',
    needs: ['webassembly'], ...TIMERS, expect: { ...TIMERS.expect, admission: upToTheEngine('webassembly') },
  }),
  scenario({
    id: 'browser.insecure.plain', title: 'An insecure origin changes nothing for a subject that asks for no secure context',
    page: 'insecure', ...ECHO, expect: { ...ECHO.expect, admission: onInsecurePage(admittedDirectly) },
  }),
  scenario({
    id: 'browser.insecure.crypto_subtle', title: 'On an insecure origin there is no SubtleCrypto in any engine, and the page is why',
    page: 'insecure', needs: ['crypto_subtle'], ...TIMERS, expect: { ...TIMERS.expect, admission: onInsecurePage(withheldByPage(NO_SECURE_CONTEXT)) },
  }),
]
