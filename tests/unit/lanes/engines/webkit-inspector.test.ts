import { describe, expect, it } from 'vitest'
import { pageSocketPath } from '../../../../lanes/engines/webkit-inspector.js'

describe("T0: the inspector's list", () => {
  it('finds the first page among other targets', () => {
    const html = '<a onclick="window.open(\'Main.html?ws=\' + window.location.host + \'/socket/1/3/ServiceWorker\')"></a><a href="/socket/1/1/WebPage">'
    expect(pageSocketPath(html)).toBe('/socket/1/1/WebPage')
  })

  it('finds none in an empty list', () => {
    expect(pageSocketPath('<p>No targets found</p>')).toBeNull()
  })
})
