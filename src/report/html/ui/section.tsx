import type { ComponentChildren, JSX } from 'preact'

export function Section({ id, title, children }: { id: string; title: string; children: ComponentChildren }): JSX.Element {
  return <section aria-labelledby={`${id}-title`}><h3 id={`${id}-title`}>{title}</h3>{children}</section>
}
