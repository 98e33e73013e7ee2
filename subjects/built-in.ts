/** The kit's own subjects by name: their entry modules, relative to the package's root. */
export const BUILT_IN_SUBJECTS = {
  reference: 'subjects/reference/subject.ts',
  native: 'subjects/native/subject.ts',
} as const

export type BuiltInSubject = keyof typeof BUILT_IN_SUBJECTS
