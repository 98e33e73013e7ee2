import { diagramOf, type DiagramInput } from './diagram.js'
import { betweenMarkers, lossesList, notCarriedList, trialsList } from './page.js'
import { TRIALS } from './trials.js'

export { readDiagramInput } from './diagram.js'

/** The page on downgrades with all that is written from data put anew between its markers; the rest stays. Throws when a marker is not there. */
export const writtenPage = (page: string, sample: DiagramInput): string => betweenMarkers(page, {
  diagram: `\n\`\`\`mermaid\n${diagramOf(sample)}\`\`\`\n`,
  trials: `\n${trialsList(TRIALS)}\n`,
  losses: `\n${lossesList()}\n`,
  'not-carried': `\n${notCarriedList()}\n`,
})
