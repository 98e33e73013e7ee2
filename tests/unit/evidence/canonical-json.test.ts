import vm from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isLanecheckError } from '../../../src/contract/errors.js'
import { canonicalJson } from '../../../src/evidence/canonical-json.js'
import { canonicalDigest, sha256Hex } from '../../../src/evidence/digest.js'

const fromBits = (hex: string): number => new DataView(Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)).buffer).getFloat64(0)

/** RFC 8785, appendix B. */
const NUMBERS: Array<[bits: string, text: string]> = [
  ['0000000000000000', '0'], ['8000000000000000', '0'], ['0000000000000001', '5e-324'], ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'], ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'], ['c340000000000000', '-9007199254740992'], ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'], ['44b52d02c7e14af6', '1e+23'], ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'], ['444b1ae4d6e2ef4f', '999999999999999900000'], ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'], ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'], ['41b3de4355555554', '333333333.33333325'], ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'], ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'], ['43143ff3c1cb0959', '1424953923781206.2'],
]

function refusal(value: unknown): string {
  try {
    canonicalJson(value)
  } catch (error) {
    if (isLanecheckError(error)) return `${error.code} ${error.where} ${error.message}`
    throw error
  }
  return 'accepted'
}

describe('T0 canonical JSON: RFC 8785', () => {
  test.each(NUMBERS)('number %s is %s', (bits, text) => {
    expect(canonicalJson(fromBits(bits))).toBe(text)
  })

  test('members are sorted by UTF-16 code units (section 3.2.3)', () => {
    const value = { '\u20ac': 'Euro Sign', '\r': 'Carriage Return', '\ufb33': 'Hebrew Letter Dalet With Dagesh', '1': 'One', '\ud83d\ude00': 'Emoji: Grinning Face', '\u0080': 'Control', '\u00f6': 'Latin Small Letter O With Diaeresis' }
    expect(Object.values(JSON.parse(canonicalJson(value)) as object).length).toBe(7)
    expect(canonicalJson(value)).toBe('{"\\r":"Carriage Return","1":"One","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis","\u20ac":"Euro Sign","\ud83d\ude00":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}')
  })

  test('the example of section 3.2.2', () => {
    const value = { numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001], string: '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"/', literals: [null, true, false] }
    expect(canonicalJson(value)).toBe('{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}')
  })

  test.each([
    ['NaN', { a: [Number.NaN] }, '$.a[0]'], ['infinity', { a: Infinity }, '$.a'], ['undefined member', { a: { b: undefined } }, '$.a.b'],
    ['function', { a: () => 1 }, '$.a'], ['bigint', [1n], '$[0]'], ['symbol', [Symbol('s')], '$[0]'], ['hole', [1, , 2], '$[1]'],
    ['lone surrogate', { a: '\ud800' }, '$.a'], ['lone surrogate in a key', { '\udc00': 1 }, '$["\\udc00"]'], ['reversed pair', ['\udc00\ud800'], '$[0]'],
    ['date', { at: new Date(0) }, '$.at'], ['map', { m: new Map() }, '$.m'], ['instance', { i: new (class Thing { x = 1 })() }, '$.i'], ['symbol key', { a: { [Symbol('k')]: 1 } }, '$.a'],
  ])('refuses %s and names its place', (_, value, where) => {
    expect(refusal(value)).toContain(`evidence_invalid ${where} `)
  })

  test.each<[unknown, string]>([
    [{ 'a.b': { '': [undefined] } }, '$["a.b"][""][0] cannot be written as canonical JSON: undefined has no JSON form'], [{ '1a': () => 1 }, '$["1a"] cannot be written as canonical JSON: a function has no JSON form'],
    [[1n], '$[0] cannot be written as canonical JSON: a bigint has no JSON form'], [{ a: Symbol('s') }, '$.a cannot be written as canonical JSON: a symbol has no JSON form'],
    [{ '1': { a1: -Infinity } }, '$["1"].a1 cannot be written as canonical JSON: -Infinity has no JSON form'], ['\ud800', '$ cannot be written as canonical JSON: a string with a lone surrogate has no UTF-8 form'],
    [{ _a9: new Date(0) }, '$._a9 cannot be written as canonical JSON: only plain objects and arrays have a JSON form'], [{ 'a-': { [Symbol('k')]: 1 } }, '$["a-"] cannot be written as canonical JSON: a member named by a symbol has no JSON form'],
  ])('says of %o: %s', (value, text) => expect(refusal(value)).toContain(text))

  test('takes a thousand levels, and names the first few of more', () => {
    const nested = (levels: number): unknown => Array.from({ length: levels }).reduce((inner: unknown) => [inner], 0)
    expect(canonicalJson(nested(1000))).toBe(`${'['.repeat(1000)}0${']'.repeat(1000)}`)
    expect(refusal(nested(1001))).toContain(`$${'[0]'.repeat(8)} cannot be written as canonical JSON: nested deeper than 1000 levels`)
  })

  test('refuses what only looks plain: one more prototype, or one that is not an object\'s', () => {
    expect(refusal(Object.create({ a: 1 }))).toContain('only plain objects')
    expect(refusal(Object.create(Object.create(null) as object))).toContain('only plain objects')
    class Posing { isPrototypeOf = true }
    expect(refusal(Object.create(new Posing()))).toContain('only plain objects')
  })

  test('refuses cycles and endless depth by a code, and takes a value that merely repeats', () => {
    const loop: Record<string, unknown> = {}
    loop['self'] = { again: loop }
    expect(refusal(loop)).toContain('$.self.again cannot be written as canonical JSON: the value contains itself')
    let deep: unknown = 0
    for (let depth = 0; depth < 100_000; depth += 1) deep = [deep]
    expect(refusal(deep)).toContain('deeper than')
    const shared = { a: 1 }
    expect(canonicalJson([shared, shared])).toBe('[{"a":1},{"a":1}]')
  })

  test('takes plain objects of another realm and without a prototype', () => {
    expect(canonicalJson(vm.runInNewContext('({ b: [1], a: {} })'))).toBe('{"a":{},"b":[1]}')
    expect(canonicalJson(Object.assign(Object.create(null) as object, { a: 1 }))).toBe('{"a":1}')
  })

  test('law: a second pass changes nothing, and the order of members never matters', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
      const once = canonicalJson(value)
      expect(canonicalJson(JSON.parse(once))).toBe(once)
    }), { numRuns: 200 })
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.integer()), (record) => {
      expect(canonicalJson(Object.fromEntries(Object.entries(record).reverse()))).toBe(canonicalJson(record))
    }), { numRuns: 200 })
  })

  test('digests are of the canonical UTF-8 bytes', () => {
    expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(canonicalDigest({ b: 'ö', a: 1 })).toBe(sha256Hex('{"a":1,"b":"ö"}'))
    expect(canonicalDigest({ b: 'ö', a: 1 })).toBe(sha256Hex(new TextEncoder().encode('{"a":1,"b":"ö"}')))
  })
})
