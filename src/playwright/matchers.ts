import type { ExpectMatcherState, MatcherReturnType } from '@playwright/test'
import { isCell, type Cell } from './cell.js'
import { answer, failure, type BridgeDemand, type Demand, type UnsupportedDemand } from './demands.js'

/** A matcher holds for a list of cells when it holds for each; for none of them when the list is empty. */
type Received = Cell | readonly Cell[]

function hold({ isNot }: Pick<ExpectMatcherState, 'isNot'>, received: unknown, demand: Demand): MatcherReturnType {
  const cells: unknown[] = Array.isArray(received) ? received : [received]
  const stranger = cells.find((one) => !isCell(one))
  if (stranger !== undefined || (cells.length > 0 && !cells.every(isCell))) {
    return { name: demand.matcher, pass: isNot, message: () => `expect(cell).${demand.matcher}() wants what runCell or cells gave, not ${stranger === null ? 'null' : typeof stranger}` }
  }
  const known = cells as Cell[]
  const wanted = isNot ? 'otherwise' : 'met'
  const failed = known.filter(({ verdict }) => answer(verdict, demand) !== wanted)
  const good = known.length > 0 && failed.length === 0
  // Under `.not` the framework turns `pass` round; what was not seen fails either way.
  return {
    name: demand.matcher, pass: good !== isNot, message: () => failure(failed, demand, isNot),
    expected: demand.verdict, actual: known.length === 1 ? known[0]!.verdict.verdict : known.map(({ verdict }) => verdict.verdict),
  }
}

/** The kit's matchers. Each takes a cell or a list of cells; a verdict that tells nothing fails a matcher and its `.not` alike. */
export const matchers = {
  /** `parity`, which only the route `direct` gives. */
  toHoldParity(this: ExpectMatcherState, received: Received): MatcherReturnType {
    return hold(this, received, { matcher: 'toHoldParity', verdict: 'parity' })
  },
  /** `bridge_only`, for this cause or reason code where one is named. */
  toBeBridgeOnly(this: ExpectMatcherState, received: Received, demand: BridgeDemand = {}): MatcherReturnType {
    return hold(this, received, { matcher: 'toBeBridgeOnly', verdict: 'bridge_only', ...demand })
  },
  /** `unsupported`, for this cause or reason code where one is named; `realm_unavailable` and `bridge_unreachable` only where named. */
  toBeUnsupported(this: ExpectMatcherState, received: Received, demand: UnsupportedDemand = {}): MatcherReturnType {
    return hold(this, received, { matcher: 'toBeUnsupported', verdict: 'unsupported', ...demand })
  },
}
