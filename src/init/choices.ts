/** Of subject and scenario. */
export const LANGUAGES = ['ts', 'js'] as const

/** What cannot be told from the files. */
export interface Choices {
  language: (typeof LANGUAGES)[number]
  config: 'json' | 'yaml'
  bridge: boolean
}
