import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'

/** The command that runs a cell anew, to copy; where a page on disk may not write to the clipboard, it is selected instead. */
export function Repro({ command }: { command: string }): JSX.Element {
  const text = useRef<HTMLElement>(null)
  const [said, setSaid] = useState('')
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(command)
      setSaid('copied')
    } catch {
      if (text.current !== null) getSelection()?.selectAllChildren(text.current)
      setSaid(document.execCommand('copy') ? 'copied' : 'selected: copy it by hand')
    }
  }
  return (
    <div class="repro">
      <pre tabIndex={0} role="region" aria-label="Command"><code ref={text}>{command}</code></pre>
      <button type="button" onClick={() => void copy()}>Copy<span class="unseen"> the command</span></button>
      <span role="status">{said}</span>
    </div>
  )
}
