import type { SubjectDeclaration } from '../contract/host.js'
import type { Scenario } from '../contract/scenario.js'

/**
 * Scenarios on the page that a subject asks for: written into each that names none, so that it is kept with the scenario and counts in
 * every digest. One of the browser row is about its page, and a page that it leaves out is the plain one.
 */
export const onSubjectsPage = (scenarios: readonly Scenario[], { page }: Pick<SubjectDeclaration, 'page'>): Scenario[] =>
  scenarios.map((scenario) => (page === undefined || page === 'plain' || scenario.page !== undefined || scenario.surface_family === 'browser_surface' ? scenario : { ...scenario, page }))
