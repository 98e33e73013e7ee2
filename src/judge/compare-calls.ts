import type { JsonValue } from '../contract/subject.js'
import { canonicalJson } from '../contract/canonical-json.js'
import type { MessageSummary } from '../contract/message.js'
import type { SemanticRecord } from '../contract/record.js'
import type { CallExpectation } from '../contract/scenario.js'
import { summarizeJson } from '../contract/summary.js'
import { differs, finding, type Finding, type Place } from './findings.js'

type CallRecord = NonNullable<SemanticRecord['calls']>[string]

/** Where one call went otherwise than expected. A call that is not named must not have been made. */
export function callFindings(place: Place, name: string, wanted: CallExpectation | undefined, got: CallRecord | undefined): Finding[] {
  const at = `calls.${name}`
  if (!wanted) return got ? [finding(place, at, 'not named by the expectation', got.end)] : []
  if (!got) return [finding(place, at, wanted.end, 'never made')]
  return [
    ...differs(place, `${at}.end`, wanted.end, got.end),
    ...(wanted.result === undefined ? [] : valueFindings(place, `${at}.result`, wanted.result, got.result)),
    ...(wanted.error_name === undefined ? [] : differs(place, `${at}.error_name`, wanted.error_name, got.error_name)),
    ...(got.late === null ? [] : differs(place, `${at}.late`, wanted.late ?? 'stopped', got.late)),
    ...(wanted.late_result === undefined ? [] : valueFindings(place, `${at}.late_result`, wanted.late_result, got.late_result)),
    ...reportFindings(place, `${at}.reports`, wanted.reports ?? [], got.reports),
  ]
}

function reportFindings(place: Place, field: string, wanted: readonly JsonValue[], got: readonly MessageSummary[]): Finding[] {
  const more = got.length > wanted.length ? [finding(place, `${field}[${wanted.length}]`, 'no further report', valueText(got[wanted.length]))] : []
  return [...wanted.flatMap((value, index) => valueFindings(place, `${field}[${index}]`, value, got[index])), ...more]
}

function valueFindings(place: Place, field: string, wanted: JsonValue, got: MessageSummary | null | undefined): Finding[] {
  const expected = summarizeJson(canonicalJson(wanted))
  return expected.sha256 === got?.sha256 ? [] : [finding(place, field, valueText(expected), valueText(got))]
}

/** The JSON itself where it is short enough to have been kept. */
const valueText = (value: MessageSummary | null | undefined): string => (value ? (value.text ?? `${value.length} bytes of JSON ${value.sha256.slice(0, 12)}`) : 'none')
